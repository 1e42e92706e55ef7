import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { instancePaths, type MysqlInstance } from './instance.ts';
import { runProgram } from './run-program.ts';
import { giveToMysqld } from './user.ts';

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
