import type { Database } from './database.ts';

/** One change of primary, from its beginning on. */
export interface FailoverRow {
  /** The id of its operation. */
  id: string;
  serverId: string;
  /** `planned` drains the old primary, `forced` does not wait for it, `automatic` nobody asked for. */
  kind: 'planned' | 'forced' | 'automatic';
  status: 'InProgress' | 'Succeeded' | 'Failed';
  fromZone: string;
  toZone: string;
  /** A sentence for people. */
  reason: string;
  startedAt: number;
  endedAt: number | null;
  /** From when on the old primary took no more writes, as far as is known. */
  writesStoppedAt: number | null;
  /** From then until clients reached the new primary. */
  downtimeMs: number | null;
}

const COLUMNS = `id, server_id AS serverId, kind, status, from_zone AS fromZone, to_zone AS toZone, reason,
  started_at AS startedAt, ended_at AS endedAt, writes_stopped_at AS writesStoppedAt, downtime_ms AS downtimeMs`;

export function insertFailover(
  database: Database,
  failover: Omit<FailoverRow, 'status' | 'endedAt' | 'downtimeMs'>,
): void {
  database
    .prepare(
      `INSERT INTO failovers (id, server_id, kind, status, from_zone, to_zone, reason, started_at, writes_stopped_at)
       VALUES (?, ?, ?, 'InProgress', ?, ?, ?, ?, ?)`,
    )
    .run(
      failover.id,
      failover.serverId,
      failover.kind,
      failover.fromZone,
      failover.toZone,
      failover.reason,
      failover.startedAt,
      failover.writesStoppedAt,
    );
}

export function findFailover(database: Database, id: string): FailoverRow | undefined {
  return database.prepare(`SELECT ${COLUMNS} FROM failovers WHERE id = ?`).get(id) as FailoverRow | undefined;
}

/** Newest first. */
export function listFailovers(database: Database, serverId: string): FailoverRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM failovers WHERE server_id = ? ORDER BY started_at DESC`)
    .all(serverId) as unknown as FailoverRow[];
}

/** What is known of it only on the way. @param reason sentences for people. */
export function setFailoverReason(database: Database, id: string, reason: string): void {
  database.prepare('UPDATE failovers SET reason = ? WHERE id = ?').run(reason, id);
}

/** The first moment stays: a daemon that repeats the step must not shorten the time. */
export function setWritesStopped(database: Database, id: string, at: number): void {
  database.prepare('UPDATE failovers SET writes_stopped_at = ifnull(writes_stopped_at, ?) WHERE id = ?').run(at, id);
}

/** @param downtimeMs null when the failover did not come about. */
export function endFailover(
  database: Database,
  id: string,
  { status, at, downtimeMs }: { status: 'Succeeded' | 'Failed'; at: number; downtimeMs: number | null },
): void {
  database
    .prepare('UPDATE failovers SET status = ?, ended_at = ?, downtime_ms = ? WHERE id = ?')
    .run(status, at, downtimeMs, id);
}
