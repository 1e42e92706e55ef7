import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import type { AsyncOperation } from '../../arm/async-operation.ts';
import { isTerminal } from '../../arm/async-operation.ts';
import { accountClaims } from '../identity/access-token.ts';
import { loadIssuerKeys, SIGNING_ALGORITHM } from '../identity/keys.ts';
import { findAccountByName } from '../store/accounts.ts';
import { openControlDatabase } from '../store/database.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const READY_MS = 90_000;
const END_MS = 60_000;
/** Of a change that restarts both sides of a server, on a machine that is busy with others. */
const OPERATION_MS = 150_000;
/** Each question of how an operation does takes from the processor time that it could have. */
const ASK_EVERY_MS = 100;
const API_VERSION = '2023-12-30';

/** `ready.json` */
export interface Ready {
  portal: string;
  resourceManagerEndpoint: string;
  issuer: string;
  tenantId: string;
  clientId: string;
  subscriptionId: string;
  caFile: string;
  signInLink: string;
  pids: { controlPlane: number; gateway: number };
}

export interface ArmAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON; undefined when there was none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  body: any;
}

export interface TestDaemon {
  home: string;
  ready: Ready;
  pid: number;
  /** Resolves when the process has ended, with its signal or exit code. */
  exited: Promise<NodeJS.Signals | number | null>;
  /** An access token of `owner`, `contributor` or `reader`. */
  token(account: string): Promise<string>;
  /** @param path without api-version takes the default one. As the owner unless said otherwise. */
  arm(method: string, path: string, body?: unknown, options?: { account?: string }): Promise<ArmAnswer>;
  /** Follows an operation that was answered with 202 to its end. */
  ended(answer: ArmAnswer): Promise<AsyncOperation>;
  /** Ends it as a crash would. Servers and gateway run on. */
  kill9(): Promise<void>;
  /** Ends it as Ctrl-C does. */
  stop(): Promise<void>;
}

/** A fresh home; its path is short, for the sockets in it. */
export function makeHome(): string {
  return mkdtempSync(join(tmpdir(), 'fd-'));
}

/** Starts the real daemon on a home, on free ports, and waits until it is ready. */
export async function startDaemon({
  home,
  env = {},
  args = [],
}: {
  home: string;
  env?: Record<string, string>;
  args?: string[];
}): Promise<TestDaemon> {
  const child = spawnDaemon({ home, env, args });
  const exited = once(child, 'exit').then(([code, signal]) => (signal ?? code) as NodeJS.Signals | number | null);
  let ended = false;
  void exited.then(() => (ended = true));
  const ready = await until(READY_MS, () => {
    if (ended) throw new Error(`The daemon ended before it was ready. ${lastWords(home)}`);
    return readReady(home, child.pid!);
  });
  const ca = readFileSync(ready.caFile);
  const tokens = new Map<string, Promise<string>>();
  const daemon: TestDaemon = {
    home,
    ready,
    pid: child.pid!,
    exited,
    token(account) {
      const known = tokens.get(account) ?? makeToken(home, ready, account);
      tokens.set(account, known);
      return known;
    },
    async arm(method, path, body, { account = 'owner' } = {}) {
      const url = new URL(path, ready.resourceManagerEndpoint);
      if (!url.searchParams.has('api-version')) url.searchParams.set('api-version', API_VERSION);
      return ask(url, { method, ca, token: await daemon.token(account), body });
    },
    async ended(answer) {
      if (answer.status !== 202) throw new Error(`Not accepted: ${answer.status} ${JSON.stringify(answer.body)}`);
      const { pathname, search } = new URL(answer.headers['azure-asyncoperation'] as string);
      const look = async () => {
        const { body } = await daemon.arm('GET', pathname + search);
        return isTerminal(body.status) ? (body as AsyncOperation) : undefined;
      };
      return until(OPERATION_MS, look, ASK_EVERY_MS);
    },
    async kill9() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
  return daemon;
}

/** Starts it without waiting for anything: for daemons that are to refuse. */
export function spawnDaemon({
  home,
  env = {},
  args = [],
}: {
  home: string;
  env?: Record<string, string>;
  args?: string[];
}): ChildProcess {
  const log = openSync(join(home, 'daemon.log'), 'a');
  return spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', log, log],
    env: {
      // oxlint-disable-next-line node/no-process-env -- the daemon's own, but for what a test sets
      ...process.env,
      FLEXDECK_HOME: home,
      FLEXDECK_ARM_PORT: '0',
      FLEXDECK_ISSUER_PORT: '0',
      FLEXDECK_CLOUD: 'Local',
      // Tests look at what a daemon leaves running, and two processors are few. Those of spares ask for them.
      FLEXDECK_SPARES: '0',
      ...env,
    },
  });
}

/** Ends every process of a home, whoever started it, and removes it. */
export async function destroyHome(home: string): Promise<void> {
  await until(END_MS, () => {
    // The daemons first: one that lives starts again what is ended here.
    const daemons = daemonsOf(home);
    const pids = daemons.length > 0 ? daemons : processesOf(home);
    for (const pid of pids) kill(pid);
    return pids.length === 0 || undefined;
  });
  rmSync(home, { recursive: true, force: true });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (failure) {
    // It ended while we looked.
    if ((failure as NodeJS.ErrnoException).code !== 'ESRCH') throw failure;
  }
}

/** Those whose command line names the home: its mysqlds and its gateway. */
export function processesOf(home: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && readProc(entry, 'cmdline').includes(`${home}/`))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/** A daemon has its home from its environment. */
function daemonsOf(home: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && readProc(entry, 'cmdline').includes(MAIN))
    .filter((entry) => readProc(entry, 'environ').split('\0').includes(`FLEXDECK_HOME=${home}`))
    .map(Number);
}

/** Nothing for a process that has ended, or is a zombie. */
function readProc(pid: string, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Asks again until there is an answer. */
export async function until<T>(
  withinMs: number,
  look: () => T | undefined | Promise<T | undefined>,
  everyMs = 25,
): Promise<T> {
  for (const end = Date.now() + withinMs; ;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`Not within ${withinMs / 1000} seconds: ${look.toString()}`);
    await delay(everyMs);
  }
}

function readReady(home: string, pid: number): Ready | undefined {
  const file = join(home, 'ready.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (failure) {
    // A daemon that starts removes the one before's, at any moment.
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failure;
  }
  const ready = JSON.parse(text) as Ready;
  return ready.pids.controlPlane === pid ? ready : undefined;
}

function lastWords(home: string): string {
  return readFileSync(join(home, 'daemon.log'), 'utf8').trimEnd().split('\n').slice(-5).join('\n');
}

/** As the issuer signs it once somebody has signed in: signing in itself is tested with the issuer. */
async function makeToken(home: string, { issuer, tenantId, clientId }: Ready, userName: string): Promise<string> {
  const keys = await loadIssuerKeys(join(home, 'issuer-keys.json'));
  const database = openControlDatabase(join(home, 'control.db'));
  const account = findAccountByName(database, `${userName}@local`);
  database.close();
  if (!account) throw new Error(`There is no account ${userName}.`);
  return new SignJWT(accountClaims(account, tenantId, clientId))
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: 'at+jwt', kid: keys.keyId })
    .setIssuer(issuer)
    .setSubject(account.objectId)
    .setAudience('https://management.azure.com')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(keys.privateKey);
}

async function ask(
  url: URL,
  { method, ca, token, body }: { method: string; ca: Buffer; token: string; body: unknown },
): Promise<ArmAnswer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const sent = request(url, {
    method,
    ca,
    headers: {
      authorization: `Bearer ${token}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    },
  });
  sent.end(text);
  const [answer] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const received = Buffer.concat(chunks).toString();
  return {
    status: answer.statusCode!,
    headers: answer.headers,
    body: received === '' ? undefined : JSON.parse(received),
  };
}
