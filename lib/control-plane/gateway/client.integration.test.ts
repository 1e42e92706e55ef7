import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isAlive } from '../mysql/adoption.ts';
import { createGatewayLink } from '../operations/gateway-link.ts';
import { ensureGateway, stopGateway } from './client.ts';
import { EXIT_ALREADY_RUNNING, GATEWAY_PROTOCOL } from './protocol.ts';
import { fakeMysqld, front, ownAddress, RawClient, sslRequest, type FakeMysqld } from './testing.ts';

let folder: string;
let socketPath: string;
let logFile: string;
let mysqld: FakeMysqld;
let address: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fd-gw-'));
  socketPath = join(folder, 'run/gateway');
  logFile = join(folder, 'gateway.log');
  mysqld = await fakeMysqld();
  address = ownAddress();
});

afterEach(async () => {
  await stopGateway({ socketPath });
  await mysqld[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const ensure = () => ensureGateway({ socketPath, logFile, spawn, node: process.execPath });
const table = (version = 1) => ({ version, epoch: 1, fronts: [front({ address, backend: mysqld.socketPath })] });

async function session(): Promise<RawClient> {
  const client = new RawClient(address);
  client.send(sslRequest());
  await vi.waitFor(() => expect(client.received.subarray(-36)).toEqual(sslRequest()));
  return client;
}

test('a gateway is started closed, alone in its session, with an empty environment, and entered by its owner only', async () => {
  const gateway = await ensure();
  expect(gateway.hello).toMatchObject({ protocol: GATEWAY_PROTOCOL, version: -1, epoch: -1 });
  expect(isAlive(gateway.identity)).toBe(true);
  expect(readFileSync(`/proc/${gateway.hello.pid}/environ`, 'utf8')).toBe('');
  const [, , , sessionId] = readFileSync(`/proc/${gateway.hello.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  expect(Number(sessionId)).toBe(gateway.hello.pid);
  expect(statSync(join(folder, 'run')).mode & 0o777).toBe(0o700);
  expect(statSync(socketPath).mode & 0o777).toBe(0o600);
  expect(await gateway.counters()).toEqual([]);
});

test('a daemon that comes back adopts it, and no session notices', async () => {
  const before = await ensure();
  await before.applyTable(table());
  const client = await session();
  before.disconnect();
  await before.closed;
  await expect(before.version()).rejects.toThrow('The gateway has gone.');

  const after = await ensure();
  expect(after.hello).toEqual({ ...before.hello, version: 1, epoch: 1 });
  expect(await after.sessions('server-1')).toMatchObject([{ clientAddress: '127.0.0.1', state: 'open' }]);
  client.send(Buffer.from('still here'));
  await vi.waitFor(() => expect(client.received.toString('latin1')).toMatch(/still here$/));
  expect(await after.cut('server-1')).toBe(1);
  await vi.waitFor(() => expect(client.ended).toBeDefined());
});

test('two daemons that want one at once get the same', async () => {
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  const gateways = await Promise.all([ensure(), ensure(), ensure()]);
  expect(new Set(gateways.map(({ hello }) => hello.pid)).size).toBe(1);
});

test('a second gateway on the same socket refuses to start and leaves the first alone', async () => {
  const first = await ensure();
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const second = spawn(process.execPath, [main, socketPath], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said, [code]] = await Promise.all([text(second.stdout), once(second, 'exit')]);
  expect(code).toBe(EXIT_ALREADY_RUNNING);
  expect(said).toContain(`Another gateway is running on ${socketPath}.`);
  expect(await first.version()).toEqual({ version: -1, epoch: -1 });
  expect((await ensure()).hello.pid).toBe(first.hello.pid);
});

test('when it is killed its daemon hears of it, starts another and gives it the table', async () => {
  const killed = await ensure();
  await killed.applyTable(table());
  const client = await session();
  process.kill(killed.hello.pid, 'SIGKILL');
  await killed.closed;
  await vi.waitFor(() => expect(client.ended).toBeDefined());

  const next = await ensure();
  expect(next.hello.pid).not.toBe(killed.hello.pid);
  expect((await next.applyTable(table())).fronts).toMatchObject([{ listening: true }]);
  await session();
});

test('one that is frozen is replaced by a daemon that starts: nobody would answer its clients', async () => {
  const frozen = await ensure();
  process.kill(frozen.hello.pid, 'SIGSTOP');
  const next = await ensure();
  expect(next.hello.pid).not.toBe(frozen.hello.pid);
  expect(isAlive(frozen.identity)).toBe(false);
  expect((await next.applyTable(table())).fronts).toMatchObject([{ listening: true }]);
});

test('a table that one was told of as it died is told to the next', async () => {
  const link = createGatewayLink({ socketPath, logFile, spawn, node: process.execPath }, () => {});
  const dying = (await link.client()).identity;
  process.kill(dying.pid, 'SIGSTOP');
  const told = link.apply(table());
  process.kill(dying.pid, 'SIGKILL');
  expect(await told).toMatchObject({ applied: true, fronts: [{ listening: true }] });
  await session();
  link.disconnect();
});

test('stopping it ends its sessions and its process', async () => {
  const gateway = await ensure();
  await gateway.applyTable(table());
  const client = await session();
  expect(await stopGateway({ socketPath })).toBe(true);
  expect(isAlive(gateway.identity)).toBe(false);
  await gateway.closed;
  await vi.waitFor(() => expect(client.ended).toBeDefined());
  expect(await stopGateway({ socketPath })).toBe(false);
});

test('what cannot be read is answered with what is wrong, and harms nothing', async () => {
  const gateway = await ensure();
  await gateway.applyTable(table());
  const bad = { ...table(2), fronts: [{ ...table().fronts[0]!, port: 70_000 }] };
  await expect(gateway.applyTable(bad)).rejects.toThrow(/port/);
  const raw = connect(socketPath);
  raw.write('nonsense\n{"id":7,"method":"dance"}\n{"id":8,"method":"version"}');
  raw.end('\n');
  const answers = (await text(raw))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers.map(({ id }) => id)).toEqual([null, 7, 8]);
  expect(answers[1]).toMatchObject({ error: expect.stringContaining('method') });
  expect(answers[2]).toEqual({ id: 8, result: { version: 1, epoch: 1 } });
});

test('a folder that others can enter is refused, and the message names the log that says why', async () => {
  mkdirSync(join(folder, 'run'));
  chmodSync(join(folder, 'run'), 0o755);
  await expect(ensure()).rejects.toThrow(logFile);
  expect(readFileSync(logFile, 'utf8')).toContain('Make its mode 0700');
});
