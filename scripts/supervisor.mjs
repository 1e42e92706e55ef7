// Keeps the control plane and the portal running. Each is in a process group of its own, so that a terminal's Ctrl-C
// reaches this process alone, which then stops them in order.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { findOnPath, modules, node, ownEnvironment, root, say, SetUpError } from './steps.mjs';

/** A process that dies more often than this is not started again: the cause needs a person. */
const RESTARTS = { most: 5, withinMilliseconds: 5 * 60_000, afterMilliseconds: 500 };
const START_MILLISECONDS = 120_000;
/** A MySQL server may have much to write down before it ends. */
const STOP_MILLISECONDS = 120_000;
const LOG_BYTES = 10 * 1024 * 1024;
const LOG_LOOK_MILLISECONDS = 60_000;

/** As in lib/control-plane/config.ts, which this Node may be too old to load. */
const home = resolve(
  process.env.FLEXDECK_HOME || (process.getuid?.() === 0 ? '/var/lib/flexdeck' : join(homedir(), '.flexdeck')),
);

/** Where the system can do it, what we started is told to stop even when we are killed, lest it holds home and ports. */
const setpriv = findOnPath('setpriv');
const stopWithUs = ['--pdeathsig', 'TERM'];
const [file, prefix] =
  setpriv && spawnSync(setpriv, [...stopWithUs, node, '--version']).status === 0
    ? [setpriv, [...stopWithUs, node]]
    : [node, []];

const sleep = (milliseconds) => new Promise((settle) => setTimeout(settle, milliseconds));

/** @param {{ keepServers: boolean, onGivenUp: (line: string) => void }} options */
export function startControlPlane({ keepServers, onGivenUp }) {
  const readyFile = join(home, 'ready.json');
  const daemon = supervise({
    name: 'control plane',
    logName: 'control-plane.log',
    args: [join(root, 'lib/control-plane/main.ts'), ...(keepServers ? ['--keep-servers'] : [])],
    env: ownEnvironment,
    onGivenUp,
  });
  const readReady = () => {
    if (!existsSync(readyFile)) return undefined;
    const text = readFileSync(readyFile, 'utf8');
    // A file that an earlier daemon left behind when it was killed names another process.
    const ready = text.endsWith('}') || text.endsWith('}\n') ? JSON.parse(text) : undefined;
    return [ready?.pid, ...Object.values(ready?.pids ?? {})].includes(daemon.pid()) ? ready : undefined;
  };
  return { stop: daemon.stop, ready: () => daemon.until(readReady) };
}

/** @param {{ port: number, dev: boolean, ready: any, onGivenUp: (line: string) => void }} options */
export function startPortal({ port, dev, ready, onGivenUp }) {
  const env = { ...ownEnvironment, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: dev ? 'development' : 'production' };
  if (ready) {
    // With port 0 only the control plane knows.
    env.FLEXDECK_ARM_PORT = new URL(ready.resourceManagerEndpoint).port;
    env.FLEXDECK_ISSUER_PORT = new URL(ready.issuer).port;
  }
  const next = [join(modules, 'next/dist/bin/next'), dev ? 'dev' : 'start'];
  const portal = supervise({
    name: 'portal',
    logName: 'portal.log',
    // Only 127.0.0.1: what "localhost" means differs between machines, and without -H Next listens to the whole network.
    args: [...next, '-H', '127.0.0.1', '-p', String(port)],
    env,
    onGivenUp,
  });
  const answers = () =>
    new Promise((settle) => {
      const asked = request(
        { host: '127.0.0.1', port, path: '/', headers: { host: `localhost:${port}` }, timeout: 5000 },
        (answer) => {
          answer.resume();
          settle(true);
        },
      );
      asked.on('error', () => settle(undefined));
      asked.on('timeout', () => asked.destroy());
      asked.end();
    });
  return { stop: portal.stop, ready: () => portal.until(answers) };
}

/** @throws {SetUpError} when the home is no folder that we may write to. */
function openLog(name) {
  const logs = join(home, 'logs');
  const logFile = join(logs, name);
  try {
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    keepLogSmall(logFile);
    return { logFile, log: openSync(logFile, 'a', 0o600) };
  } catch (failure) {
    const why = { ENOSPC: 'its disk is full', ENOTDIR: 'it is no folder', EEXIST: 'it is no folder' }[failure.code];
    throw new SetUpError(
      `${home} cannot be used: ${why ?? `it may not be written to (${failure.code})`}. Set FLEXDECK_HOME to a folder of your own.`,
    );
  }
}

/**
 * What is too much goes into a file beside it, in place of what was there. The file itself stays, since whoever writes to it
 * appends; lines that come between the copy and the cut are lost.
 *
 * @returns whether it was cut.
 */
function keepLogSmall(logFile) {
  if (!existsSync(logFile) || statSync(logFile).size <= LOG_BYTES) return false;
  copyFileSync(logFile, `${logFile}.1`);
  truncateSync(logFile);
  return true;
}

/** Runs our Node with these arguments, and again when it ends by itself. */
function supervise({ name, logName, args, env, onGivenUp }) {
  const { logFile, log } = openLog(logName);
  let startedAt = fstatSync(log).size;
  setInterval(() => {
    if (keepLogSmall(logFile)) startedAt = 0;
  }, LOG_LOOK_MILLISECONDS).unref();
  let child;
  let started = false;
  let stopping = false;
  let givenUp = false;
  let deaths = [];

  const start = () => {
    child = spawn(file, [...prefix, ...args], { cwd: root, env, stdio: ['ignore', log, log], detached: true });
    child.on('error', () => {});
    child.on('exit', async (code, signal) => {
      if (stopping) return;
      if (!started) {
        // What keeps it from starting rarely goes away.
        givenUp = true;
        return;
      }
      const now = Date.now();
      deaths = [...deaths.filter((death) => death > now - RESTARTS.withinMilliseconds), now];
      const how = signal ?? `exit ${code}`;
      if (deaths.length > RESTARTS.most) {
        givenUp = true;
        onGivenUp(
          `The ${name} ended ${deaths.length} times in 5 minutes (${how}) and is not started again.\n${lastWords()}`,
        );
        return;
      }
      say(
        `The ${name} ended (${how}) and is started again, ${deaths.length} of at most ${RESTARTS.most} times in 5 minutes.`,
      );
      await sleep(RESTARTS.afterMilliseconds);
      if (!stopping) start();
    });
  };

  /** What it wrote last, for a person to see why. */
  const lastWords = () => {
    const reader = openSync(logFile, 'r');
    const from = Math.max(startedAt, fstatSync(reader).size - 2000);
    const bytes = Buffer.alloc(2000);
    const length = readSync(reader, bytes, 0, 2000, from);
    closeSync(reader);
    const lines = bytes.toString('utf8', 0, length).trim().split('\n');
    // What is not for machines was written for people.
    const words = lines.filter((line) => !line.startsWith('{'));
    return `${(words.length > 0 ? words : lines).join('\n')}\n(all of it: ${logFile})`;
  };

  start();
  return {
    pid: () => child.pid,
    /** Waits until `look` finds something. */
    async until(look) {
      const end = Date.now() + START_MILLISECONDS;
      for (;;) {
        const found = await look();
        if (found && !givenUp) {
          started = true;
          return found;
        }
        if (stopping) throw new Error(`The ${name} was stopped.`);
        if (givenUp || Date.now() > end) throw new Error(`The ${name} did not start.\n${lastWords()}`);
        await sleep(50);
      }
    },
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      const ended = new Promise((settle) => child.once('exit', settle));
      child.kill('SIGTERM');
      const patience = setTimeout(() => {
        say(`The ${name} took longer than ${STOP_MILLISECONDS / 1000} s to stop and was ended.`);
        child.kill('SIGKILL');
      }, STOP_MILLISECONDS);
      await ended;
      clearTimeout(patience);
    },
  };
}
