import { spawn as nodeSpawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { steadyClock, type Clock } from '../clock.ts';
import { isAlive, processIdentity, type ProcessIdentity } from './adoption.ts';
import { withConnection, type Connection } from './client.ts';
import { instancePaths, type MysqlInstance } from './instance.ts';
import { keyringProgram } from './keyring.ts';
import { optionFileText, type MysqldOptions } from './options.ts';
import type { MysqlRuntime } from './runtime.ts';
import { giveToMysqld, mysqldUser } from './user.ts';

/** How often a process that is not our child, or a socket that nothing listens on yet, is looked at. */
const LOOK_EVERY_MS = 20;

/** What starting and watching processes needs of the world, so that tests can own it. */
export interface ProcessWorld {
  spawn: typeof nodeSpawn;
  /** Measures how long they take. */
  clock: Clock;
}

export const systemProcessWorld: ProcessWorld = { spawn: nodeSpawn, clock: steadyClock };

/** How a mysqld ended. Code 16: it asks to be started again (RESTART, or the end of a CLONE). */
export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export const EXIT_RESTART = 16;

export interface StartedMysqld {
  identity: ProcessIdentity;
  /** Settles when it ends, as long as the daemon that started it lives; a later one watches with `isAlive`. */
  exited: Promise<ProcessExit>;
}

/** mysqld ended, or did not get ready in time. `logEnd` holds its last words, which are for the log, not for people. */
export class MysqldFailedError extends Error {
  readonly logEnd: string;

  constructor(message: string, logEnd: string) {
    super(message);
    this.name = 'MysqldFailedError';
    this.logEnd = logEnd;
  }
}

/**
 * Writes the option file and starts mysqld in a session of its own, so that it outlives the daemon. Does not wait until
 * it answers: see {@link waitUntilReady}. Data directory and certificate must be there.
 */
export async function startMysqld(
  { runtime, instance, options }: { runtime: MysqlRuntime; instance: MysqlInstance; options: MysqldOptions },
  world: ProcessWorld = systemProcessWorld,
): Promise<StartedMysqld> {
  const paths = instancePaths(instance);
  const { file, args, pluginDirectory } = await keyringProgram(runtime, instance);
  await writeFile(paths.optionFile, optionFileText(options), { mode: 0o600 });
  // Of one that was killed. mysqld takes a zombie, which waits for nothing but its parent, for the owner.
  await rm(`${paths.socket}.lock`, { force: true });
  const log = await open(paths.errorLog, 'a', 0o600);
  try {
    await giveToMysqld(paths.optionFile, paths.errorLog);
    const child = spawnMysqld(
      world,
      file,
      [
        ...args,
        `--defaults-file=${paths.optionFile}`,
        `--basedir=${runtime.basedir}`,
        `--plugin-dir=${pluginDirectory}`,
        `--lc-messages-dir=${runtime.messagesDirectory}`,
      ],
      log.fd,
    );
    const exited = new Promise<ProcessExit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    await once(child, 'spawn');
    child.unref();
    const identity = processIdentity(child.pid as number);
    if (!identity) throw await failure(instance, 'MySQL ended as soon as it was started.');
    return { identity, exited };
  } finally {
    await log.close();
  }
}

/**
 * A mysqld by command line alone, without an instance of ours around it, started as all are.
 *
 * @param options as mysqld takes them; what finds its own files and these two paths come first.
 */
export function spawnBareMysqld(
  world: Pick<ProcessWorld, 'spawn'>,
  runtime: MysqlRuntime,
  { data, socket, options, log = 'pipe' }: { data: string; socket: string; options: string[]; log?: number | 'pipe' },
): ChildProcess {
  const { file, args } = runtime.command('mysqld');
  const own = [
    '--no-defaults',
    `--basedir=${runtime.basedir}`,
    `--plugin-dir=${runtime.pluginDirectory}`,
    `--lc-messages-dir=${runtime.messagesDirectory}`,
    `--datadir=${data}`,
    `--socket=${socket}`,
  ];
  return spawnMysqld(world, file, [...args, ...own, ...options], log);
}

/**
 * Detached is setsid(2). MYSQLD_PARENT_PID, its parent's pid, makes RESTART and CLONE end mysqld with code 16 for us to
 * start it again; without it, or once this daemon is gone, it refuses them. UMASK: its files are for its own user alone.
 */
export function spawnMysqld(
  world: Pick<ProcessWorld, 'spawn'>,
  file: string,
  args: string[],
  log: number | 'pipe',
): ChildProcess {
  const user = mysqldUser();
  const command = user
    ? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--no-new-privs', file, ...args]
    : [file, ...args];
  return world.spawn(command[0] as string, command.slice(1), {
    detached: true,
    cwd: '/',
    stdio: ['ignore', log, log],
    env: {
      PATH: '/usr/bin:/bin',
      MYSQLD_PARENT_PID: String(process.pid),
      UMASK: '0600',
      UMASK_DIR: '0700',
      LC_ALL: 'C',
    } as unknown as NodeJS.ProcessEnv,
  });
}

const answers = (connection: Connection): Promise<unknown> => connection.query('SELECT 1');

/**
 * Returns once the daemon's account gets an answer over the socket.
 *
 * @param options.ask what it is asked.
 * @throws {MysqldFailedError} when the process ends before, or the time is over (it is left running then).
 */
export async function waitUntilReady(
  instance: MysqlInstance,
  identity: ProcessIdentity,
  {
    timeoutMs = 60_000,
    signal,
    ask = answers,
  }: { timeoutMs?: number; signal?: AbortSignal; ask?: typeof answers } = {},
  { clock }: Pick<ProcessWorld, 'clock'> = systemProcessWorld,
): Promise<void> {
  const { socket } = instancePaths(instance);
  const end = clock.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      await withConnection(socket, ask, {
        timeoutMs: Math.max(1, end - clock.now()),
      });
      return;
    } catch (cause) {
      if (!isAlive(identity)) throw await failure(instance, 'MySQL ended before it was ready.');
      const code = (cause as NodeJS.ErrnoException).code;
      if (code === 'ER_ACCESS_DENIED_ERROR') throw cause;
      // Clients were faster: it takes connections.
      if (code === 'ER_CON_COUNT_ERROR') return;
      if (clock.now() >= end) {
        throw await failure(instance, `MySQL was not ready after ${timeoutMs / 1000} seconds.`);
      }
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

/**
 * Ends mysqld cleanly (SIGTERM), by SIGKILL when that takes longer than `timeoutMs`. Returns once it is proven dead;
 * at once when it already was.
 *
 * @returns whether it ended by itself.
 */
export async function stopMysqld(
  identity: ProcessIdentity,
  { timeoutMs = 60_000 }: { timeoutMs?: number } = {},
  { clock }: Pick<ProcessWorld, 'clock'> = systemProcessWorld,
): Promise<'clean' | 'killed'> {
  send(identity, 'SIGTERM');
  const end = clock.now() + timeoutMs;
  while (clock.now() < end) {
    if (!isAlive(identity)) return 'clean';
    await delay(LOOK_EVERY_MS);
  }
  await killMysqld(identity);
  return 'killed';
}

/** Ends it without asking. Returns once it is proven dead (gone, or a zombie that holds no file and no socket). */
export async function killMysqld(identity: ProcessIdentity): Promise<void> {
  send(identity, 'SIGKILL');
  while (isAlive(identity)) await delay(LOOK_EVERY_MS);
}

function send(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'ESRCH') throw failure;
  }
}

async function failure(instance: MysqlInstance, message: string): Promise<MysqldFailedError> {
  const log = await readFile(instancePaths(instance).errorLog, 'utf8').catch(() => '');
  const lines = log.trimEnd().split('\n');
  const errors = lines.filter((line) => line.includes('[ERROR]'));
  return new MysqldFailedError(message, (errors.length > 0 ? errors : lines).slice(-5).join('\n'));
}
