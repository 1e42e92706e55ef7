import type { EventChange, EventState } from '../mysql/event-changes.ts';
import type { Database } from './database.ts';

/** How a server is being, or was, restored. Moments are microseconds since 1970. */
export interface Restore {
  sourceServerId: string;
  sourceResourceId: string;
  /** Null: the newest there is; the plan says which that was. */
  asked: number | null;
  geo: boolean;
  plan: {
    fullBackupId: string;
    segmentIds: string[];
    moment: number;
    gtidsBefore: string;
  } | null;
  /** What the relay logs bring, once they are written. */
  replay: { transactions: number; expected: string; events?: EventChange[] } | null;
  /** Which events there were in the full backup, and whether they ran; absent until the replay begins. */
  eventsBefore?: EventState[] | undefined;
  /** Absent while the data is as it was in the full backup. */
  phase?: 'replaying' | 'replayed' | undefined;
  bytesDone: number;
  bytesTotal: number;
  transactionsDone: number;
  transactionsTotal: number;
  /** Sentences for people. */
  notes: string[];
  /** Of those, what was found damaged and gone around. */
  damage?: string[] | undefined;
}

export function writeRestore(database: Database, operationId: string, serverId: string, restore: Restore): void {
  database
    .prepare(
      `INSERT INTO restores (operation_id, server_id, restore) VALUES (?, ?, ?)
       ON CONFLICT (operation_id) DO UPDATE SET restore = excluded.restore`,
    )
    .run(operationId, serverId, JSON.stringify(restore));
}

export function readRestore(database: Database, operationId: string): Restore | undefined {
  const row = database.prepare('SELECT restore FROM restores WHERE operation_id = ?').get(operationId);
  return row && (JSON.parse(row['restore'] as string) as Restore);
}

/** The one that made that server; trials of its own backups are others. */
export function findRestoreOf(
  database: Database,
  serverId: string,
): { operationId: string; restore: Restore } | undefined {
  const row = database
    .prepare(
      `SELECT operation_id AS operationId, restore FROM restores
       WHERE server_id = ? AND restore ->> 'sourceServerId' <> server_id LIMIT 1`,
    )
    .get(serverId);
  return row && { operationId: row['operationId'] as string, restore: JSON.parse(row['restore'] as string) as Restore };
}

/** Servers that were made from that one's backups. */
export function listRestoresFrom(
  database: Database,
  sourceServerId: string,
): { name: string; endedAt: number; restore: Restore }[] {
  return database
    .prepare(
      `SELECT servers.name, operations.ended_at AS endedAt, restore FROM restores
         JOIN operations ON operations.id = restores.operation_id JOIN servers ON servers.id = restores.server_id
       WHERE restore ->> 'sourceServerId' = ? AND restores.server_id <> ? AND operations.status = 'Succeeded'
       ORDER BY ended_at`,
    )
    .all(sourceServerId, sourceServerId)
    .map((row) => {
      const { name, endedAt, restore } = row as { name: string; endedAt: number; restore: string };
      return { name, endedAt, restore: JSON.parse(restore) as Restore };
    });
}
