import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { instancePaths, type MysqlInstance } from './instance.ts';
import { runProgram } from './run-program.ts';
import { giveToMysqld } from './user.ts';

/** Of all data, on a slow disk. */
const COPY_MS = 4 * 60 * 60_000;

/**
 * The instance's folder with a copy of the template as data directory: blocks shared where the file system can (reflink),
 * published by a rename. Leaves one that is there as it is.
 *
 * @param template from `ensureTemplate`.
 */
export async function ensureDataDirectory(instance: MysqlInstance, template: string): Promise<void> {
  const { dataDirectory, temporaryFolder } = instancePaths(instance);
  // mysqld writes its logs and keyring here, so the folder is its own; nobody else may look in.
  await mkdir(instance.folder, { recursive: true, mode: 0o700 });
  await mkdir(temporaryFolder, { recursive: true, mode: 0o700 });
  await giveToMysqld(instance.folder, temporaryFolder);
  if (await isFolder(dataDirectory)) return;

  const unfinished = `${dataDirectory}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  // Keeps holes, and the owner, which is mysqld's user already.
  await runProgram('cp', ['-a', '--reflink=auto', '--sparse=auto', template, unfinished], {
    timeoutMilliseconds: 60_000,
  });
  await rename(unfinished, dataDirectory);
}

const formerOf = (instance: MysqlInstance) => `${instancePaths(instance).dataDirectory}.former`;

/**
 * Makes room for another data directory without giving up the one that is there: that is kept beside it, and of two the
 * older one. Logs, certificates and the keyring with the keys of both stay. Its process must be proven dead.
 */
export async function setDataAside(instance: MysqlInstance): Promise<void> {
  const { dataDirectory } = instancePaths(instance);
  if (!(await isFolder(dataDirectory))) return;
  if (await hasFormerData(instance)) await rm(dataDirectory, { recursive: true, force: true });
  else await rename(dataDirectory, formerOf(instance));
}

/** Whether there is data that was set aside: then what is in its place is not known to be whole yet. */
export function hasFormerData(instance: MysqlInstance): Promise<boolean> {
  return isFolder(formerOf(instance));
}

/** Data that was set aside is in its place again, whatever was made there meanwhile. Its process must be proven dead. */
export async function takeDataBack(instance: MysqlInstance): Promise<void> {
  if (!(await hasFormerData(instance))) return;
  const { dataDirectory } = instancePaths(instance);
  await rm(dataDirectory, { recursive: true, force: true });
  await rename(formerOf(instance), dataDirectory);
}

/** What was set aside is of no more use: what is in its place is whole. */
export async function removeFormerData(instance: MysqlInstance): Promise<void> {
  await rm(formerOf(instance), { recursive: true, force: true });
}

const copyOf = (instance: MysqlInstance) => join(instance.folder, 'before-upgrade');

/**
 * Keeps a copy of the data with its keyring beside it, for a way back from what changes the data for good. Its process must
 * be proven dead. One that is whole already stays as it is.
 */
export async function keepCopyOfData(instance: MysqlInstance): Promise<void> {
  if (await hasCopyOfData(instance)) return;
  const { dataDirectory, keyringFile } = instancePaths(instance);
  const unfinished = `${copyOf(instance)}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await giveToMysqld(unfinished);
  await runProgram('cp', ['-a', '--reflink=auto', '--sparse=auto', dataDirectory, keyringFile, unfinished], {
    timeoutMilliseconds: COPY_MS,
  });
  await rename(unfinished, copyOf(instance));
}

export function hasCopyOfData(instance: MysqlInstance): Promise<boolean> {
  return isFolder(copyOf(instance));
}

/** The copy is in the data's place, and there is none any more. Its process must be proven dead. May be repeated. */
export async function takeCopyBack(instance: MysqlInstance): Promise<void> {
  const { dataDirectory, keyringFile } = instancePaths(instance);
  const copy = copyOf(instance);
  if (!(await hasCopyOfData(instance))) return;
  // In the order that a repetition finds: the data is whole as long as the copy has some.
  if (await isFolder(join(copy, 'data'))) {
    await rm(dataDirectory, { recursive: true, force: true });
    await rename(join(copy, 'data'), dataDirectory);
  }
  await rename(join(copy, 'keyring'), keyringFile).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code !== 'ENOENT') throw failure;
  });
  await rm(copy, { recursive: true, force: true });
}

/** There is no way back any more from the first moment on, whatever of the copy is still on disk. */
export async function dropCopyOfData(instance: MysqlInstance): Promise<void> {
  const dropped = `${copyOf(instance)}.dropped`;
  await rm(dropped, { recursive: true, force: true });
  if (await hasCopyOfData(instance)) await rename(copyOf(instance), dropped);
  await rm(dropped, { recursive: true, force: true });
}

/** What a clone of this instance's data would take on a disk, in bytes: without its logs. */
export async function cloneBytes(instance: MysqlInstance): Promise<number> {
  const entries = await readdir(instancePaths(instance).dataDirectory, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    ({ name, parentPath }) => !/^(binlog|relay)\./.test(name) && !parentPath.includes('#innodb_redo'),
  );
  const sizes = files.map(({ name, parentPath }) =>
    stat(join(parentPath, name)).then(
      (found) => (found.isFile() ? found.blocks * 512 : 0),
      // Removed while we looked.
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, bytes) => sum + bytes, 0);
}

/** How much more may be written to the disk that the instance lies on, in bytes. */
export async function freeBytesOf({ folder }: MysqlInstance): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Removes all that the instance has on disk. Its process must be proven dead. Nothing to do when there is nothing. */
export async function removeInstance(instance: MysqlInstance): Promise<void> {
  const { socket } = instancePaths(instance);
  await rm(instance.folder, { recursive: true, force: true });
  await Promise.all([socket, `${socket}.lock`].map((file) => rm(file, { force: true })));
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
