import type { LockLevel } from '../../rules/locks.ts';
import type { Database } from './database.ts';

/** A management lock, with the id of what it was put on. */
export interface LockRow {
  /** `/subscriptions/…`, without regard to case. */
  scope: string;
  name: string;
  level: LockLevel;
  notes: string | null;
  /** Applications that own it, as ARM was told. */
  owners: { applicationId?: string | undefined }[];
  createdAt: number;
}

const COLUMNS = 'scope, name, level, notes, owners, created_at AS createdAt';

function parse(row: unknown): LockRow {
  const found = row as Omit<LockRow, 'owners'> & { owners: string };
  return { ...found, owners: JSON.parse(found.owners) };
}

export function findLock(database: Database, scope: string, name: string): LockRow | undefined {
  const row = database.prepare(`SELECT ${COLUMNS} FROM locks WHERE scope = ? AND name = ?`).get(scope, name);
  return row && parse(row);
}

/** Locks on the scope itself, on what it lies in and on what lies in it; the outermost first. */
export function locksAround(database: Database, scope: string): LockRow[] {
  return database
    .prepare(
      `SELECT ${COLUMNS} FROM locks
       WHERE scope = :scope
          OR substr(scope, 1, length(:scope) + 1) = :scope || '/' COLLATE NOCASE
          OR substr(:scope, 1, length(scope) + 1) = scope || '/' COLLATE NOCASE
       ORDER BY length(scope), scope, name`,
    )
    .all({ scope })
    .map(parse);
}

/** On one that is there already: level, notes and owners are replaced. */
export function putLock(database: Database, lock: LockRow): void {
  database
    .prepare(
      `INSERT INTO locks (scope, name, level, notes, owners, created_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (scope, name) DO UPDATE SET level = excluded.level, notes = excluded.notes, owners = excluded.owners`,
    )
    .run(lock.scope, lock.name, lock.level, lock.notes, JSON.stringify(lock.owners), lock.createdAt);
}

/** @returns whether there was one. */
export function deleteLock(database: Database, scope: string, name: string): boolean {
  return Number(database.prepare('DELETE FROM locks WHERE scope = ? AND name = ?').run(scope, name).changes) > 0;
}
