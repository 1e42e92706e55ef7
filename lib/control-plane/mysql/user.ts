import { chown, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** An OS user by number. */
export interface OsUser {
  uid: number;
  gid: number;
}

/**
 * Of no passwd entry, in a part of the numbers that neither Debian nor systemd hands out. A fixed number, because data
 * directories are owned by it for years; not the system's `mysql`, whose other servers could read ours then.
 */
const MYSQLD_UNDER_ROOT: OsUser = { uid: 60833, gid: 60833 };

/**
 * Who mysqld runs as: an unprivileged user of its own when the daemon is root, otherwise (undefined) whoever the daemon is.
 *
 * @param uid the daemon's.
 */
export function mysqldUser(uid = process.getuid?.()): OsUser | undefined {
  return uid === 0 ? MYSQLD_UNDER_ROOT : undefined;
}

/** Hands files over to mysqld's user; nothing to do where that is the daemon's own. */
export async function giveToMysqld(...paths: string[]): Promise<void> {
  const user = mysqldUser();
  if (user) await Promise.all(paths.map((path) => chown(path, user.uid, user.gid)));
}

/** A folder with all that is in it. */
export async function giveFolderToMysqld(folder: string): Promise<void> {
  const user = mysqldUser();
  if (!user) return;
  await chown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await chown(join(entry.parentPath, entry.name), user.uid, user.gid);
  }
}
