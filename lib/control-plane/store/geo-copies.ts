import type { Database } from './database.ts';

/** Why a server's backups do not come into the paired location now. */
export interface GeoCopyFailure {
  /** When that began, milliseconds since 1970. */
  since: number;
  /** A sentence for people. */
  problem: string;
}

export function findGeoCopyFailure(database: Database, serverId: string): GeoCopyFailure | undefined {
  const row = database.prepare('SELECT since, problem FROM geo_copy_failures WHERE server_id = ?').get(serverId);
  return row && { since: row['since'] as number, problem: row['problem'] as string };
}

/** When it began stays as it is. */
export function recordGeoCopyFailure(database: Database, serverId: string, { since, problem }: GeoCopyFailure): void {
  database
    .prepare(
      `INSERT INTO geo_copy_failures (server_id, since, problem) VALUES (?, ?, ?)
       ON CONFLICT (server_id) DO UPDATE SET problem = excluded.problem`,
    )
    .run(serverId, since, problem);
}

export function deleteGeoCopyFailure(database: Database, serverId: string): void {
  database.prepare('DELETE FROM geo_copy_failures WHERE server_id = ?').run(serverId);
}
