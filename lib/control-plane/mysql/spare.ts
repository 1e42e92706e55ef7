import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { basename, join } from 'node:path';
import { processStartedWith } from './adoption.ts';
import { ensureDataDirectory } from './data-directory.ts';
import { encryptionStatement, TABLESPACES_OF_THE_TEMPLATE } from './first-start.ts';
import { instancePaths, type MysqlInstance } from './instance.ts';
import { mysqldOptions, type Machine, type ServerSize } from './options.ts';
import { killMysqld, startMysqld, systemProcessWorld, type ProcessWorld } from './process.ts';
import type { MysqlRuntime } from './runtime.ts';
import { giveToMysqld } from './user.ts';

const UNFINISHED = '.unfinished-';
/** In a folder that was a spare until its mysqld has once run as a server's. */
const UNPROVEN = 'spare';
const LONGEST_MS = 60_000;

/** What it is started with for the moment; a server's own size holds from its own first start. */
const SMALLEST: ServerSize = {
  name: 'Standard_B1ms',
  vCores: 1,
  memoryGiB: 2,
  iops: 640,
  maxConnections: { default: 20, max: 20 },
  bufferPoolBytes: 64 * 1024 ** 2,
  maxBufferPoolBytes: 64 * 1024 ** 2,
};

/**
 * Makes an instance's folder ahead of the server that will need it: a copy of the template, started once, encrypted with
 * a keyring of its own, and stopped cleanly; half of a new server's making. It has a UUID and keys that no other has.
 * Published by one rename; its mysqld ends by itself, so that a daemon killed meanwhile leaves nothing running.
 *
 * @param template from `ensureTemplate`, of the same runtime.
 * @param signal ends it; nothing is left of it then.
 * @throws {Error} when mysqld could not do it.
 */
export async function prepareSpare(
  {
    runtime,
    template,
    sparesFolder,
    machine,
    signal,
  }: { runtime: MysqlRuntime; template: string; sparesFolder: string; machine: Machine; signal: AbortSignal },
  world: ProcessWorld = systemProcessWorld,
): Promise<void> {
  const folder = await mkdtemp(join(sparesFolder, UNFINISHED));
  const instance: MysqlInstance = { id: 'spare', mysqlServerId: 1, folder, runFolder: folder };
  const { dataDirectory, optionFile, errorLog, slowLog, pidFile } = instancePaths(instance);
  const initFile = join(folder, 'first-start.sql');
  try {
    await ensureDataDirectory(instance, template);
    // Not in the binary log, which begins with the server's own first transaction.
    const statements = ['SET sql_log_bin = 0', ...TABLESPACES_OF_THE_TEMPLATE.map(encryptionStatement), 'SHUTDOWN'];
    await writeFile(initFile, statements.map((statement) => `${statement};\n`).join(''));
    await giveToMysqld(initFile);
    // In the data directory, since a socket's path has 107 bytes at most. Nobody connects to it.
    const own = { socket: 'spare.sock', init_file: initFile, performance_schema: 'OFF' };
    // Certificates are the server's, which is not known yet.
    const options = Object.fromEntries(
      Object.entries(mysqldOptions(instance, SMALLEST, {}, machine)).filter(([name]) => !name.startsWith('ssl_')),
    );
    signal.throwIfAborted();
    const { identity, exited } = await startMysqld({ runtime, instance, options: { ...options, ...own } }, world);
    // Its threads inherit it: servers that somebody waits for go first.
    setPriority(identity.pid, constants.priority.PRIORITY_LOW);
    const end = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
    const kill = () => void killMysqld(identity);
    end.addEventListener('abort', kill, { once: true });
    if (end.aborted) kill();
    const { code } = await exited;
    end.removeEventListener('abort', kill);
    signal.throwIfAborted();
    const log = await readFile(errorLog, 'utf8');
    if (code !== 0 || log.includes('[ERROR]')) {
      const errors = log.split('\n').filter((line) => line.includes('[ERROR]'));
      throw new Error(`MySQL ${runtime.fullVersion} could not prepare a spare data directory.\n${errors.join('\n')}`);
    }
    const binlogs = (await readdir(dataDirectory)).filter((name) => name.startsWith('binlog.'));
    const passing = [initFile, optionFile, errorLog, slowLog, pidFile, join(folder, 'program')];
    await Promise.all(
      [...passing, ...binlogs.map((name) => join(dataDirectory, name))].map((path) =>
        rm(path, { recursive: true, force: true }),
      ),
    );
    await writeFile(join(folder, UNPROVEN), '');
    await rename(folder, join(sparesFolder, `${basename(template)}-${randomBytes(4).toString('hex')}`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The spares that were made from this template. */
export async function listSpares(sparesFolder: string, template: string): Promise<string[]> {
  return (await readdir(sparesFolder)).filter((name) => name.startsWith(`${basename(template)}-`));
}

/**
 * Gives a spare to the instance as its folder, by one rename: no other ever gets the same. Not where the instance has
 * files already.
 *
 * @returns whether it got one.
 */
export async function claimSpare(instance: MysqlInstance, sparesFolder: string, template: string): Promise<boolean> {
  for (const name of await listSpares(sparesFolder, template)) {
    try {
      await rename(join(sparesFolder, name), instance.folder);
      return true;
    } catch (failure) {
      const { code } = failure as NodeJS.ErrnoException;
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
      // Another server was first.
      if (code !== 'ENOENT') throw failure;
    }
  }
  return false;
}

/** Whether the folder was a spare, and no mysqld has run on it as a server's yet. */
export async function isUnprovenSpare({ folder }: MysqlInstance): Promise<boolean> {
  return stat(join(folder, UNPROVEN)).then(
    () => true,
    () => false,
  );
}

/** Removes all of a spare that is no good but the mark that it is one: a daemon that dies before there is better must find it. */
export async function emptySpare({ folder }: MysqlInstance): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name !== UNPROVEN);
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** From here on what goes wrong with it is the server's own. */
export async function spareIsProven({ folder }: MysqlInstance): Promise<void> {
  await rm(join(folder, UNPROVEN), { force: true });
}

/** Removes what a killed daemon left half made, and spares of templates that servers are no longer made from. */
export async function removeUselessSpares(sparesFolder: string, templates: readonly string[]): Promise<void> {
  for (const name of await readdir(sparesFolder)) {
    if (templates.some((template) => name.startsWith(`${basename(template)}-`))) continue;
    const folder = join(sparesFolder, name);
    const { optionFile } = instancePaths({ id: 'spare', mysqlServerId: 1, folder, runFolder: folder });
    const running = processStartedWith(optionFile);
    if (running) await killMysqld(running);
    await rm(folder, { recursive: true, force: true });
  }
}
