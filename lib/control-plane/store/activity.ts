import type { ActivityEvent } from '../../arm/insights/activity-log.ts';
import type { Database } from './database.ts';

export interface ActivityEventRow {
  /** `eventDataId`. */
  id: string;
  at: number;
  subscriptionId: string;
  resourceGroup: string | null;
  resourceId: string;
  correlationId: string;
  event: ActivityEvent;
}

export function insertActivityEvent(database: Database, row: ActivityEventRow): void {
  database
    .prepare(
      `INSERT INTO activity_events (id, at, subscription_id, resource_group, resource_id, correlation_id, event)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      row.id,
      row.at,
      row.subscriptionId,
      row.resourceGroup,
      row.resourceId,
      row.correlationId,
      JSON.stringify(row.event),
    );
}

export interface ActivityFilter {
  subscriptionId: string;
  /** Inclusive, milliseconds since 1970. */
  from: number;
  /** Inclusive. */
  to: number;
  resourceGroup?: string;
  /** That resource and what is below it. */
  resourceId?: string;
  resourceProvider?: string;
  correlationId?: string;
}

/** A place in the log: that of one event. */
export interface ActivityPlace {
  at: number;
  sequence: number;
}

/**
 * Newest first.
 *
 * @param page how many, and from which place on: events that come meanwhile move nothing, and a late page costs no more
 *   than the first.
 */
export function listActivityEvents(
  database: Database,
  filter: ActivityFilter,
  page: { limit: number; from?: ActivityPlace | undefined },
): { event: ActivityEvent; place: ActivityPlace }[] {
  const rows = database
    .prepare(
      `SELECT at, rowid AS sequence, event FROM activity_events
       WHERE subscription_id = :subscriptionId AND at BETWEEN :from AND :to AND (at, rowid) <= (:at, :sequence)
         AND (:resourceGroup IS NULL OR resource_group = :resourceGroup)
         AND (:resourceId IS NULL OR resource_id = :resourceId
              OR substr(resource_id, 1, length(:resourceId) + 1) = :resourceId || '/' COLLATE NOCASE)
         AND (:resourceProvider IS NULL OR instr(lower(resource_id), '/providers/' || lower(:resourceProvider) || '/') > 0)
         AND (:correlationId IS NULL OR correlation_id = :correlationId)
       ORDER BY at DESC, rowid DESC LIMIT :limit`,
    )
    .all({
      subscriptionId: filter.subscriptionId,
      from: filter.from,
      to: filter.to,
      resourceGroup: filter.resourceGroup ?? null,
      resourceId: filter.resourceId ?? null,
      resourceProvider: filter.resourceProvider ?? null,
      correlationId: filter.correlationId ?? null,
      at: page.from?.at ?? filter.to,
      sequence: page.from?.sequence ?? Number.MAX_SAFE_INTEGER,
      limit: page.limit,
    });
  return (rows as never as (ActivityPlace & { event: string })[]).map(({ event, ...place }) => ({
    event: JSON.parse(event) as ActivityEvent,
    place,
  }));
}

/** Forgets what is older. @returns how many. */
export function pruneActivityEvents(database: Database, before: number): number {
  return Number(database.prepare('DELETE FROM activity_events WHERE at < ?').run(before).changes);
}
