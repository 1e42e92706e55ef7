import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { until } from '../../lib/control-plane/testing/daemon.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NEXT = fileURLToPath(new URL('../../node_modules/next/dist/bin/next', import.meta.url));
const START_MS = 60_000;

export interface TestPortal {
  /** `http://localhost:41234` */
  origin: string;
  stop(): Promise<void>;
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/**
 * Starts the portal's production build, as `npm start` does, and waits until it answers.
 *
 * @param options `env` says which cloud it stands before; `log` is the file for what it writes.
 */
export async function startPortal(options: {
  port: number;
  env: Record<string, string>;
  log: string;
}): Promise<TestPortal> {
  const { port, env, log } = options;
  const output = openSync(log, 'a');
  const child = spawn(process.execPath, [NEXT, 'start', '-H', '127.0.0.1', '-p', String(port)], {
    cwd: ROOT,
    stdio: ['ignore', output, output],
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...env },
  });
  const origin = `http://localhost:${port}`;
  await until(START_MS, async () => {
    if (hasEnded(child)) throw new Error(`The portal did not start.\n${readFileSync(log, 'utf8').slice(-2000)}`);
    const answer = await fetch(`http://127.0.0.1:${port}/icon.svg`).catch(() => undefined);
    return answer?.ok ? true : undefined;
  });
  return { origin, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
