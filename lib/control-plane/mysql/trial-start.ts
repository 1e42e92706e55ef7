import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { rows, withConnection, type Connection } from './client.ts';
import { ensureDataDirectory, removeInstance } from './data-directory.ts';
import { instancePaths, type MysqlInstance } from './instance.ts';
import { optionFileText, type MysqldOptions } from './options.ts';
import {
  killMysqld,
  MysqldFailedError,
  spawnMysqld,
  startMysqld,
  systemProcessWorld,
  waitUntilReady,
  type ProcessWorld,
} from './process.ts';
import type { MysqlRuntime } from './runtime.ts';
import { giveToMysqld } from './user.ts';

/** Longer than a start on an empty data directory ever takes, even on a machine that has much else to do. */
const START_MS = 45_000;
const VALIDATE_MS = 20_000;

export interface Trial {
  runtime: MysqlRuntime;
  /** Thrown away with all that it has on disk. */
  instance: MysqlInstance;
  options: MysqldOptions;
  /** From `ensureTemplate`. */
  template: string;
  /** Gives the instance its certificate: the options name one. */
  prepare(instance: MysqlInstance): Promise<void>;
  /** Ends it before it knows: nobody wants to know any more. */
  signal?: AbortSignal;
}

/**
 * Finds out on a throw-away data directory whether mysqld starts with these options, and what it makes of them: some
 * values it refuses, others it changes without a word.
 *
 * @param look asks the started server.
 * @throws {MysqldFailedError} when mysqld does not take the options, does not start, or not in time; what `look` throws.
 */
export async function trialStart<T>(
  { runtime, instance, options, template, prepare, signal }: Trial,
  look: (connection: Connection) => Promise<T>,
  world: ProcessWorld = systemProcessWorld,
): Promise<T> {
  const { socket } = instancePaths(instance);
  try {
    await ensureDataDirectory(instance, template);
    await prepare(instance);
    await validate({ runtime, instance, options, signal }, world);
    signal?.throwIfAborted();
    const { identity } = await startMysqld({ runtime, instance, options }, world);
    try {
      await waitUntilReady(instance, identity, { timeoutMs: START_MS, ...(signal && { signal }) }, world);
      return await withConnection(socket, look);
    } finally {
      await killMysqld(identity);
    }
  } finally {
    await removeInstance(instance);
  }
}

/** The values of all system variables. */
export async function readVariables(connection: Connection): Promise<Map<string, string>> {
  const found = await rows<{ name: string; value: string }>(
    connection,
    'SELECT variable_name AS name, variable_value AS value FROM performance_schema.global_variables',
  );
  return new Map(found.map(({ name, value }) => [name, value]));
}

/** mysqld's own look at an option file: finds what it does not know, in a moment. */
async function validate(
  {
    runtime,
    instance,
    options,
    signal,
  }: Pick<Trial, 'runtime' | 'instance' | 'options'> & {
    signal: AbortSignal | undefined;
  },
  world: ProcessWorld,
): Promise<void> {
  const { optionFile } = instancePaths(instance);
  await writeFile(optionFile, optionFileText(options), { mode: 0o600 });
  await giveToMysqld(optionFile);
  const { file, args } = runtime.command('mysqld');
  const child = spawnMysqld(
    world,
    file,
    [
      ...args,
      `--defaults-file=${optionFile}`,
      '--validate-config',
      `--basedir=${runtime.basedir}`,
      `--plugin-dir=${runtime.pluginDirectory}`,
      `--lc-messages-dir=${runtime.messagesDirectory}`,
    ],
    'pipe',
  );
  const end = () => void child.kill('SIGKILL');
  const timer = setTimeout(end, VALIDATE_MS);
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  const ended = once(child, 'exit');
  let text = '';
  for await (const part of child.stderr!.setEncoding('utf8')) text += part;
  const [code] = await ended;
  clearTimeout(timer);
  signal?.removeEventListener('abort', end);
  signal?.throwIfAborted();
  if (code !== 0) throw new MysqldFailedError('mysqld does not take these options.', text.trim());
}
