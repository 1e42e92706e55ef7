import type { Database } from './database.ts';

/** One trial of whether a server's newest backup can be restored. */
export interface BackupVerificationRow {
  /** The operation's. */
  id: string;
  serverId: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number | null;
  status: 'InProgress' | 'Succeeded' | 'Failed';
  fullBackup: string;
  /** Microseconds since 1970. */
  moment: number | null;
  tablesChecked: number | null;
  rowsChecked: number | null;
  /** A sentence. */
  problem: string | null;
}

export function writeBackupVerification(database: Database, row: BackupVerificationRow): void {
  const { id, serverId, startedAt, ...result } = row;
  database
    .prepare(
      `INSERT INTO backup_verifications (id, server_id, started_at, result) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET result = excluded.result`,
    )
    .run(id, serverId, startedAt, JSON.stringify(result));
}

/** The newest that is over. */
export function findNewestVerification(database: Database, serverId: string): BackupVerificationRow | undefined {
  return listBackupVerifications(database, serverId, 2).find(({ status }) => status !== 'InProgress');
}

/** Newest first. */
export function listBackupVerifications(database: Database, serverId: string, limit = 100): BackupVerificationRow[] {
  return database
    .prepare(
      `SELECT id, server_id AS serverId, started_at AS startedAt, result FROM backup_verifications
       WHERE server_id = ? ORDER BY started_at DESC, rowid DESC LIMIT ?`,
    )
    .all(serverId, limit)
    .map((row) => {
      const { result, ...rest } = row as unknown as { id: string; serverId: string; startedAt: number; result: string };
      return { ...rest, ...(JSON.parse(result) as Omit<BackupVerificationRow, 'id' | 'serverId' | 'startedAt'>) };
    });
}
