import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { MIGRATIONS } from './migrations.ts';

export type Database = DatabaseSync;

/** How long to wait for who holds the file: after a daemon's death, the first that reads it also mends it. */
export const BUSY_TIMEOUT_MS = 5000;

/**
 * Opens control.db, brings it to the newest shape and keeps it durable: an answered request survives the death of
 * the daemon (WAL with synchronous FULL).
 *
 * @param path a file, or `:memory:` in tests.
 * @throws {Error} when the file was written by a newer version of Flexdeck.
 */
export function openControlDatabase(path: string): Database {
  if (path !== ':memory:') keepToOwner(path);
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
  migrate(database);
  return database;
}

/**
 * Makes a database file that its owner alone may read, or makes it so: others may pass through a home whose mysqld runs
 * as another user. The files that SQLite puts beside it get the same mode; those that a killed process left are set too.
 */
export function keepToOwner(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  for (const file of ['', '-wal', '-shm', '-journal'].map((ending) => `${path}${ending}`)) {
    if (existsSync(file)) chmodSync(file, 0o600);
  }
}

function migrate(database: Database): void {
  const { user_version: applied } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (applied > MIGRATIONS.length) {
    throw new Error(
      `This home was written by a newer Flexdeck (format ${applied}, this one knows ${MIGRATIONS.length}). Update Flexdeck.`,
    );
  }
  for (let index = applied; index < MIGRATIONS.length; index++) {
    transaction(database, () => {
      database.exec(MIGRATIONS[index]!);
      database.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
}

/** Runs `work` in one transaction: all of it or nothing. A transaction within one joins it. */
export function transaction<T>(database: Database, work: () => T): T {
  if (database.isTransaction) return work();
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (failure) {
    // A full disk ends the transaction by itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw failure;
  }
}
