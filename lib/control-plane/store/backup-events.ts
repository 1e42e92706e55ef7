import type { Database } from './database.ts';

/** A mark on a server's timeline, made from its log. */
export interface BackupEventRow<Event> {
  serverId: string;
  /** Microseconds since 1970: of the transaction. */
  moment: number;
  gtid: string;
  event: Event;
}

export function insertBackupEvents<Event>(database: Database, rows: readonly BackupEventRow<Event>[]): void {
  const insert = database.prepare('INSERT INTO backup_events (server_id, moment, gtid, event) VALUES (?, ?, ?, ?)');
  for (const { serverId, moment, gtid, event } of rows) insert.run(serverId, moment, gtid, JSON.stringify(event));
}

/** The newest `limit` within the closed interval, oldest first. */
export function listBackupEvents<Event>(
  database: Database,
  serverId: string,
  { from, to, limit }: { from: number; to: number; limit: number },
): BackupEventRow<Event>[] {
  return database
    .prepare(
      `SELECT server_id AS serverId, moment, gtid, event FROM backup_events
       WHERE server_id = ? AND moment BETWEEN ? AND ? ORDER BY moment DESC LIMIT ?`,
    )
    .all(serverId, from, to, limit)
    .map((row) => {
      const { event, ...rest } = row as unknown as Omit<BackupEventRow<Event>, 'event'> & { event: string };
      return { ...rest, event: JSON.parse(event) as Event };
    })
    .toReversed();
}

/** Those after that moment, whose transactions turned out not to count; or before it, which nobody can go back to. */
export function deleteBackupEvents(
  database: Database,
  serverId: string,
  { after, before }: { after?: number; before?: number },
): void {
  database
    .prepare('DELETE FROM backup_events WHERE server_id = ? AND (moment > ? OR moment < ?)')
    .run(serverId, after ?? Number.MAX_SAFE_INTEGER, before ?? 0);
}
