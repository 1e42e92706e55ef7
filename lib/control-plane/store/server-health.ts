import type { Health } from '../../rules/server-health.ts';
import type { Database } from './database.ts';

/** From when on a server did how. */
export interface HealthRow extends Health {
  serverId: string;
  at: number;
}

const COLUMNS = 'server_id AS serverId, at, state, reason_type AS reasonType, title, summary';

/** Newest first. */
export function listHealth(database: Database, serverId: string, limit = 500): HealthRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM server_health WHERE server_id = ? ORDER BY at DESC LIMIT ?`)
    .all(serverId, limit) as unknown as HealthRow[];
}

export function findNewestHealth(database: Database, serverId: string): HealthRow | undefined {
  return listHealth(database, serverId, 1)[0];
}

export function insertHealth(database: Database, { serverId, at, state, reasonType, title, summary }: HealthRow): void {
  database
    .prepare(
      'INSERT OR REPLACE INTO server_health (server_id, at, state, reason_type, title, summary) VALUES (?, ?, ?, ?, ?, ?)',
    )
    .run(serverId, at, state, reasonType, title, summary);
}

/** Forgets what is older; each server's newest stays, since it still holds. @returns how many. */
export function pruneHealth(database: Database, before: number): number {
  return Number(
    database
      .prepare(
        `DELETE FROM server_health WHERE at < ?
           AND at < (SELECT max(at) FROM server_health AS newer WHERE newer.server_id = server_health.server_id)`,
      )
      .run(before).changes,
  );
}
