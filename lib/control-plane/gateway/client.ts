import type { ChildProcess, spawn as nodeSpawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { findProcess, isAlive, processState, type ProcessIdentity } from '../mysql/adoption.ts';
import {
  ApplyResult,
  ConnectionEvents,
  CutResult,
  EXIT_ALREADY_RUNNING,
  FrontCounters,
  GATEWAY_PROTOCOL,
  GatewaySession,
  Hello,
  TableVersion,
  type GatewayTableInput,
} from './protocol.ts';
import { GatewayError, GatewayGoneError, Wire } from './wire.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
/** For whoever stopped it to let it go on. */
const FROZEN_MS = 500;
/** Of another release's, too. */
const MAIN_NAME = '/gateway/main.ts';
const START_MS = 15_000;
const STOP_MS = 5_000;
/** How often a gateway that is starting or ending is looked at. */
const LOOK_EVERY_MS = 20;
/** sockaddr_un's room for a path on Linux, less the final zero. */
const SOCKET_PATH_BYTES = 107;

/** A connection to the running gateway. All methods throw GatewayError, and GatewayGoneError when it has ended. */
export class GatewayClient {
  /** Who answers, as of when this connected: pid and start time, and the table in force then. */
  readonly hello: Hello;
  /** Settles (never rejects) when the gateway has gone, or {@link disconnect} was called: time to ensure it again. */
  readonly closed: Promise<void>;
  readonly #wire: Wire;

  constructor(wire: Wire, hello: Hello) {
    this.#wire = wire;
    this.closed = wire.closed;
    this.hello = hello;
  }

  get identity(): ProcessIdentity {
    return { pid: this.hello.pid, startedAt: this.hello.startedAt };
  }

  /**
   * Sends the whole desired table. Resolves when backends, rules and cuts are in force and each front listens or has
   * failed to (`fronts[].listenError`). `applied` is false when the gateway has a newer table: this daemon is not the
   * last word then.
   */
  applyTable(table: GatewayTableInput): Promise<ApplyResult> {
    return this.#wire.ask({ method: 'apply', table }, ApplyResult);
  }

  sessions(serverId?: string): Promise<GatewaySession[]> {
    return this.#wire.ask({ method: 'sessions', serverId }, z.array(GatewaySession));
  }

  counters(serverId?: string): Promise<FrontCounters[]> {
    return this.#wire.ask({ method: 'counters', serverId }, z.array(FrontCounters));
  }

  /** Who came and went. @param after what was read last; @param before milliseconds since 1970. */
  connections(after: number | undefined, before: number): Promise<ConnectionEvents> {
    return this.#wire.ask({ method: 'connections', after, before }, ConnectionEvents);
  }

  /** Ends all sessions of a server; new ones may come at once. @returns how many. */
  async cut(serverId: string): Promise<number> {
    return (await this.#wire.ask({ method: 'cut', serverId }, CutResult)).cut;
  }

  /** The table in force; both -1 before the first. */
  version(): Promise<TableVersion> {
    return this.#wire.ask({ method: 'version' }, TableVersion);
  }

  /** Ends the gateway and with it every session. Resolves when the process is gone. */
  async stop(): Promise<void> {
    await this.#wire.ask({ method: 'stop' }, z.unknown()).catch((cause: unknown) => {
      if (isAlive(this.identity)) throw cause;
    });
    this.disconnect();
    const end = AbortSignal.timeout(STOP_MS);
    while (isAlive(this.identity)) {
      if (end.aborted) throw new GatewayError(`The gateway (process ${this.hello.pid}) does not end.`);
      await delay(LOOK_EVERY_MS);
    }
  }

  /** Ends one that does not answer, without asking it. Resolves when the process is gone. */
  async kill(): Promise<void> {
    await killGateway(this.identity);
    this.disconnect();
  }

  /** Leaves the gateway to run by itself. */
  disconnect(): void {
    this.#wire.close();
  }
}

export interface EnsureGatewayInput {
  /** In a folder of its own, that is made with mode 0700 if it is missing. At most 107 bytes. */
  socketPath: string;
  /** Gets the lines of a gateway that has to be started: JSON, appended. */
  logFile: string;
  spawn: typeof nodeSpawn;
  /** The Node program that runs it. */
  node: string;
}

/**
 * Connects to the running gateway, or starts one: in a session of its own, with an empty environment, so that it
 * outlives the daemon. One that speaks another protocol than ours, or that hangs, is ended and replaced.
 *
 * @throws {GatewayError} when it ends at once or does not answer; its log says why.
 */
export async function ensureGateway({ socketPath, logFile, spawn, node }: EnsureGatewayInput): Promise<GatewayClient> {
  if (Buffer.byteLength(socketPath) > SOCKET_PATH_BYTES) {
    throw new GatewayError(`The path ${socketPath} is too long for a socket. Choose a shorter FLEXDECK_HOME.`);
  }
  mkdirSync(dirname(socketPath), { recursive: true, mode: 0o700 });
  // One that hangs holds its clients' sessions and does nothing for them, and no other can be started while it is there.
  const there = findGateway(socketPath);
  if (there && processState(there.pid) === 'T') {
    await delay(FROZEN_MS);
    if (processState(there.pid) === 'T') await killGateway(there);
  }
  const running = await connectGateway(socketPath).catch(async (failure) => {
    if (!there) throw failure;
    await killGateway(there);
    return undefined;
  });
  if (running?.hello.protocol === GATEWAY_PROTOCOL) return running;
  if (running) await running.stop();
  const end = AbortSignal.timeout(START_MS);
  while (!end.aborted) {
    const client = await startGateway({ socketPath, logFile, spawn, node }, end);
    if (client) return client;
    await delay(LOOK_EVERY_MS);
  }
  throw new GatewayError(`The gateway did not answer within ${START_MS / 1000} seconds. See ${logFile}.`);
}

/** @returns undefined when another one holds the socket and does not answer: it is still starting, or already ending. */
async function startGateway(
  { socketPath, logFile, spawn, node }: EnsureGatewayInput,
  end: AbortSignal,
): Promise<GatewayClient | undefined> {
  const log = openSync(logFile, 'a', 0o600);
  let child: ChildProcess;
  try {
    // Garbage is little here; its helper threads would only take processors from mysqld.
    child = spawn(node, ['--single-threaded-gc', MAIN, socketPath], {
      detached: true,
      cwd: '/',
      stdio: ['ignore', log, log],
      env: {} as NodeJS.ProcessEnv,
    });
    await once(child, 'spawn');
  } catch (cause) {
    throw new GatewayError('The gateway cannot be started.', { cause });
  } finally {
    closeSync(log);
  }
  child.unref();
  while (!end.aborted) {
    const client = await connectGateway(socketPath);
    if (client) return client;
    if (child.exitCode === EXIT_ALREADY_RUNNING) return undefined;
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new GatewayError(`The gateway ended at once (${child.exitCode ?? child.signalCode}). See ${logFile}.`);
    }
    await delay(LOOK_EVERY_MS);
  }
  return undefined;
}

function findGateway(socketPath: string): ProcessIdentity | undefined {
  return findProcess((words) => words.includes(socketPath) && words.some((word) => word.endsWith(MAIN_NAME)));
}

async function killGateway(identity: ProcessIdentity): Promise<void> {
  if (isAlive(identity)) process.kill(identity.pid, 'SIGKILL');
  while (isAlive(identity)) await delay(LOOK_EVERY_MS);
}

/** Ends the gateway on this socket and all sessions in it. @returns whether there was one. */
export async function stopGateway({ socketPath }: { socketPath: string }): Promise<boolean> {
  const client = await connectGateway(socketPath);
  await client?.stop();
  return client !== undefined;
}

/** Connects to the gateway on this socket; undefined when none answers. @throws {GatewayError} when one hangs. */
export async function connectGateway(socketPath: string): Promise<GatewayClient | undefined> {
  const socket = connect(socketPath);
  try {
    await once(socket, 'connect');
  } catch (cause) {
    // ECONNREFUSED: the file of one that was killed.
    if (['ENOENT', 'ECONNREFUSED', 'ECONNRESET'].includes((cause as NodeJS.ErrnoException).code ?? ''))
      return undefined;
    throw new GatewayError(`The gateway on ${socketPath} cannot be reached.`, { cause });
  }
  const wire = new Wire(socket);
  try {
    return new GatewayClient(wire, await wire.ask({ method: 'hello' }, Hello));
  } catch (cause) {
    wire.close();
    // A killed process may still take a connection while it falls apart.
    if (cause instanceof GatewayGoneError) return undefined;
    throw cause;
  }
}
