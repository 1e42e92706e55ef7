import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findRegion } from '../../rules/regions.ts';

/**
 * Where backups lie: a folder per location, as each location's storage is another, and in that one per server. The keys
 * lie apart from both.
 */
export interface StorePaths {
  full(backupId: string): string;
  segment(segmentId: string): string;
  folder: string;
}

/** @param location short form: of the server, or of its paired location for the second copy. */
export function storePaths(home: string, location: string, serverId: string): StorePaths {
  const folder = join(home, 'backups', location, serverId);
  return {
    folder,
    full: (id) => join(folder, 'full', `${id}.full`),
    segment: (id) => join(folder, 'log', `${id}.log`),
  };
}

export function pairedLocation(location: string): string {
  return findRegion(location)?.paired ?? location;
}

/** Safe to repeat. */
export async function makeStoreFolders({ full, segment }: StorePaths): Promise<void> {
  for (const folder of [join(full('x'), '..'), join(segment('x'), '..')]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
}

function keyFile(home: string, serverId: string): string {
  return join(home, 'backup-keys', `${serverId}.key`);
}

/** The server's key, made when it has none yet: 32 random bytes in a file that the daemon alone may read. */
export async function ensureBackupKey(home: string, serverId: string): Promise<Buffer> {
  const path = keyFile(home, serverId);
  const known = await readFile(path).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code !== 'ENOENT') throw failure;
    return undefined;
  });
  if (known?.length === 32) return known;
  const folder = join(path, '..');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const key = randomBytes(32);
  const unfinished = `${path}.${randomBytes(4).toString('hex')}`;
  await writeFile(unfinished, key, { mode: 0o600, flush: true });
  await rename(unfinished, path);
  return readFile(path);
}

/** Without it nobody can read what is left of the server's backups. */
export async function removeBackupKey(home: string, serverId: string): Promise<void> {
  await rm(keyFile(home, serverId), { force: true });
}
