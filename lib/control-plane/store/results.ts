import type { Database } from './database.ts';

/** What each row has; the rest of it is kept as JSON. */
interface Result {
  /** The operation's. */
  id: string;
  serverId: string;
  /** Milliseconds since 1970. */
  startedAt: number;
}

/** Tables of what operations found out, made alike in the migrations. */
type Table = 'upgrade_checks' | 'backup_verifications';

export function writeResult(database: Database, table: Table, row: Result): void {
  const { id, serverId, startedAt, ...result } = row;
  database
    .prepare(
      `INSERT INTO ${table} (id, server_id, started_at, result) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET result = excluded.result`,
    )
    .run(id, serverId, startedAt, JSON.stringify(result));
}

/** Newest first. */
export function listResults<Row extends Result>(database: Database, table: Table, serverId: string, limit = -1): Row[] {
  return database
    .prepare(
      `SELECT id, server_id AS serverId, started_at AS startedAt, result FROM ${table}
       WHERE server_id = ? ORDER BY started_at DESC, rowid DESC LIMIT ?`,
    )
    .all(serverId, limit)
    .map((row) => {
      const { result, ...rest } = row as unknown as Result & { result: string };
      return { ...rest, ...(JSON.parse(result) as object) } as Row;
    });
}
