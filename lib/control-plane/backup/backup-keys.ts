import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArmError } from '../../arm/error.ts';
import { pairedLocation, storePaths } from './store-layout.ts';

/** Whose backups a key opens. @param location short form. */
export interface KeyOwner {
  id: string;
  location: string;
}

const KEY_BYTES = 32;

/**
 * The server's key, made when it has neither key nor backups yet: 32 random bytes in a file that the daemon alone may
 * read.
 *
 * @throws {ArmError} BackupKeyMissing 409: there are backups, and no key that could open them. Another is never put in its
 *   place: what was written with it could not be read beside them once the right one is back.
 */
export async function ensureBackupKey(home: string, owner: KeyOwner): Promise<Buffer> {
  const known = await readKey(keyFile(home, owner.id));
  if (known?.length === KEY_BYTES) return known;
  if (known || (await hasFiles(home, owner))) throw keyMissing(known !== undefined);
  await keepBackupKey(home, owner.id, randomBytes(KEY_BYTES));
  return readFile(keyFile(home, owner.id));
}

/** Writes a key that is known down again where its file is gone. @returns whether it was. */
export async function keepBackupKey(home: string, serverId: string, key: Buffer): Promise<boolean> {
  const path = keyFile(home, serverId);
  if (await readKey(path)) return false;
  const folder = join(path, '..');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const unfinished = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(unfinished, key, { mode: 0o600, flush: true });
    // What is there meanwhile stays.
    await link(unfinished, path);
    return true;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
    return false;
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Without it nobody can read what is left of the server's backups. */
export async function removeBackupKey(home: string, serverId: string): Promise<void> {
  await rm(keyFile(home, serverId), { force: true });
}

function keyFile(home: string, serverId: string): string {
  return join(home, 'backup-keys', `${serverId}.key`);
}

async function readKey(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code !== 'ENOENT') throw failure;
    return undefined;
  });
}

/** Whether anything lies in the store of it, in either location. */
async function hasFiles(home: string, { id, location }: KeyOwner): Promise<boolean> {
  for (const place of [location, pairedLocation(location)]) {
    const { folder } = storePaths(home, place, id);
    for (const part of ['full', 'log']) {
      if ((await readdir(join(folder, part)).catch(() => [])).length > 0) return true;
    }
  }
  return false;
}

function keyMissing(isDamaged: boolean): ArmError {
  const what = isDamaged ? 'is not whole' : 'is missing';
  return new ArmError(
    'BackupKeyMissing',
    409,
    `The key of this server’s backups ${what}: put it back from your copy of Flexdeck’s backup-keys. Until then its backups cannot be read, and none are made.`,
  );
}
