import type { Database } from './database.ts';

/** A whole copy of a server's data at one moment. */
export interface FullBackupRow {
  /** A GUID; its file is named by it. */
  id: string;
  serverId: string;
  /** Unique in the server, without regard to case. */
  name: string;
  source: 'Automatic' | 'Manual';
  state: 'Creating' | 'Succeeded' | 'Failed' | 'Damaged' | 'Deleting';
  /** The stretch of log that goes on from it. */
  chainId: string | null;
  /** Executed before the copy began: the log is needed from there on. */
  gtidsAtStart: string | null;
  /** Microseconds since 1970: everything in it was committed by then. */
  moment: number | null;
  dataBytes: number;
  storedBytes: number;
  files: number;
  /** Of the file, hexadecimal. */
  sha256: string | null;
  /** Of MySQL: `9.7.4`. */
  version: string;
  /** What is wrong with it, a sentence. */
  problem: string | null;
  /** Milliseconds since 1970. */
  startedAt: number;
  completedAt: number | null;
  geoCopiedAt: number | null;
}

const MEMBERS: Record<keyof FullBackupRow, string> = {
  id: 'id',
  serverId: 'server_id',
  name: 'name',
  source: 'source',
  state: 'state',
  chainId: 'chain_id',
  gtidsAtStart: 'gtids_at_start',
  moment: 'moment',
  dataBytes: 'data_bytes',
  storedBytes: 'stored_bytes',
  files: 'files',
  sha256: 'sha256',
  version: 'version',
  problem: 'problem',
  startedAt: 'started_at',
  completedAt: 'completed_at',
  geoCopiedAt: 'geo_copied_at',
};
const COLUMNS = Object.entries(MEMBERS)
  .map(([member, column]) => `${column} AS ${member}`)
  .join(', ');

/** What a server's backups take, with their second copies in the paired location. */
export function sumBackupBytes(database: Database, serverId: string): number {
  const bytes = 'sum(stored_bytes * iif(geo_copied_at IS NULL, 1, 2))';
  const row = database
    .prepare(
      `SELECT ifnull((SELECT ${bytes} FROM full_backups WHERE server_id = :serverId), 0)
            + ifnull((SELECT ${bytes} FROM log_segments WHERE server_id = :serverId), 0) AS bytes`,
    )
    .get({ serverId });
  return (row as { bytes: number }).bytes;
}

/** Oldest first. */
export function listFullBackups(database: Database, serverId: string): FullBackupRow[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM full_backups WHERE server_id = ? ORDER BY started_at, rowid`)
    .all(serverId) as unknown as FullBackupRow[];
}

export function findFullBackup(database: Database, serverId: string, name: string): FullBackupRow | undefined {
  return database
    .prepare(`SELECT ${COLUMNS} FROM full_backups WHERE server_id = ? AND name = ?`)
    .get(serverId, name) as unknown as FullBackupRow | undefined;
}

export function readFullBackup(database: Database, id: string): FullBackupRow | undefined {
  return database.prepare(`SELECT ${COLUMNS} FROM full_backups WHERE id = ?`).get(id) as unknown as
    FullBackupRow | undefined;
}

export function insertFullBackup(
  database: Database,
  backup: Pick<FullBackupRow, 'id' | 'serverId' | 'name' | 'source' | 'version' | 'startedAt'>,
): void {
  database
    .prepare(
      `INSERT INTO full_backups (id, server_id, name, source, state, data_bytes, stored_bytes, files, version, started_at)
       VALUES (?, ?, ?, ?, 'Creating', 0, 0, 0, ?, ?)`,
    )
    .run(backup.id, backup.serverId, backup.name, backup.source, backup.version, backup.startedAt);
}

export function updateFullBackup(
  database: Database,
  id: string,
  change: Partial<Omit<FullBackupRow, 'id' | 'serverId' | 'name'>>,
): void {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return;
  const assignments = entries.map(([member]) => `${MEMBERS[member as keyof FullBackupRow]} = ?`).join(', ');
  database
    .prepare(`UPDATE full_backups SET ${assignments} WHERE id = ?`)
    .run(...entries.map(([, value]) => value as string | number | null), id);
}

export function deleteFullBackup(database: Database, id: string): void {
  database.prepare('DELETE FROM full_backups WHERE id = ?').run(id);
}
