// What set-up, start and test share. Plain JavaScript that any Node from 18 on runs, with no dependencies: on a fresh
// machine there are none yet.
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const modules = join(root, 'node_modules');
/** Our own Node: the machine's may be too old. */
export const node = join(modules, '.bin/node');

/** PATH with our programs first, and without them: while they are being installed they come and go. */
const foreignPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.startsWith(modules))
  .join(delimiter);
export const ownEnvironment = { ...process.env, PATH: [join(modules, '.bin'), foreignPath].join(delimiter) };
export const foreignEnvironment = { ...process.env, PATH: foreignPath };

/** A failure that is told as it is, without a stack. */
export class SetUpError extends Error {}

/** One line of progress. @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Runs a program to its end, its output on the terminal.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean, cwd?: string, minutes?: number }} [options] quiet keeps the output for
 *   the failure's text alone; after these minutes the program and all that it started are killed.
 * @returns {Promise<{ code: number, output: string }>} code 127 when it cannot start.
 */
export function run(file, args, { env = ownEnvironment, quiet = false, cwd = root, minutes } = {}) {
  return new Promise((settle) => {
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text));
    const end = () => {
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // All of it is gone already.
      }
    };
    // In a group of its own it does not get the terminal's Ctrl-C, and none of it stays behind when we are told to stop.
    const stop = () => {
      end();
      process.exit(130);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
    const late = () => {
      say(`${file} took longer than ${minutes} minutes and was ended.`);
      end();
    };
    const timer = minutes === undefined ? undefined : setTimeout(late, minutes * 60_000);
    const finish = (result) => {
      clearTimeout(timer);
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
      settle(result);
    };
    child.on('error', (failure) => finish({ code: 127, output: failure.message }));
    child.on('close', (code) => finish({ code: code ?? 1, output }));
  });
}

/** The first of these programs that PATH has. @param {string[]} names */
export function findOnPath(...names) {
  for (const name of names) {
    for (const folder of foreignPath.split(delimiter).filter(Boolean)) {
      const file = join(folder, name);
      if (existsSync(file) && statSync(file).isFile()) return file;
    }
  }
  return undefined;
}
