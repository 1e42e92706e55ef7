import type { Database } from './database.ts';
import { listResults, writeResult } from './results.ts';

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
  writeResult(database, 'backup_verifications', row);
}

/** The newest that is over. */
export function findNewestVerification(database: Database, serverId: string): BackupVerificationRow | undefined {
  return listBackupVerifications(database, serverId, 2).find(({ status }) => status !== 'InProgress');
}

/** Newest first. */
export function listBackupVerifications(database: Database, serverId: string, limit = 100): BackupVerificationRow[] {
  return listResults(database, 'backup_verifications', serverId, limit);
}
