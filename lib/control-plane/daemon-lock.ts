import { DatabaseSync } from 'node:sqlite';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepToOwner } from './store/database.ts';

/** Held here for the process's life: a lock that nothing refers to is let go by the garbage collector. */
const held = new Set<DatabaseSync>();

/**
 * Keeps the home for this process: a second daemon on it would fight with the first over every server. The lock is the
 * kernel's (SQLite's lock on a file), so a daemon that was killed leaves none behind.
 *
 * @throws {Error} when another daemon has the home; says which.
 */
export function lockHome(home: string): void {
  const pidFile = join(home, 'daemon.pid');
  const lockFile = join(home, 'daemon.lock');
  // Whoever can read a file can lock it, too.
  keepToOwner(lockFile);
  const lock = new DatabaseSync(lockFile);
  try {
    lock.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    const pid = readFileSync(pidFile, { encoding: 'utf8', flag: 'a+' }).trim();
    throw new Error(
      `Another control plane${pid ? ` (process ${pid})` : ''} runs on ${home}. Stop that one, or set FLEXDECK_HOME to another folder.`,
      { cause },
    );
  }
  held.add(lock);
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
}
