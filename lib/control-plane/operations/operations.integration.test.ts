import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { createConnection, type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectGateway } from '../gateway/client.ts';
import { homePaths } from '../home.ts';
import { openControlDatabase, type Database } from '../store/database.ts';
import { readPrimary } from '../store/instances.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { findServerByName } from '../store/servers.ts';
import {
  destroyHome,
  makeHome,
  processesOf,
  spawnDaemon,
  startDaemon,
  until,
  type ArmAnswer,
  type TestDaemon,
} from '../testing/daemon.ts';
import { OPERATIONS } from './definitions.ts';

/** `npm run test:steps`: the daemon is killed before and after every step of these operations, not of a sample only. */
const ALL_STEPS = process.env.FLEXDECK_ALL_STEPS === '1';
const PASSWORD = 'Correct-horse-1';
const SECONDS = 1000;

const home = makeHome();
const paths = homePaths(home);
let daemon: TestDaemon;
let group: string;

beforeAll(async () => {
  daemon = await startDaemon({ home });
  group = `/subscriptions/${daemon.ready.subscriptionId}/resourceGroups/steps`;
  const made = await daemon.arm('PUT', `${group}?api-version=2021-04-01`, { location: 'westeurope' });
  expect(made.status).toBe(201);
});

afterAll(async () => {
  if (process.env.FLEXDECK_KEEP_LOGS) console.log(readFileSync(join(home, 'daemon.log'), 'utf8'));
  await destroyHome(home);
});

const idOf = (name: string) => `${group}/providers/Microsoft.DBforMySQL/flexibleServers/${name}`;

function create(name: string): Promise<ArmAnswer> {
  return daemon.arm('PUT', idOf(name), {
    location: 'westeurope',
    sku: { name: 'Standard_B1ms', tier: 'Burstable' },
    properties: { administratorLogin: 'owner', administratorLoginPassword: PASSWORD, storage: { storageSizeGB: 20 } },
  });
}

async function act(name: string, action: 'start' | 'stop' | 'restart'): Promise<ArmAnswer> {
  return daemon.arm('POST', `${idOf(name)}/${action}`, action === 'restart' ? {} : undefined);
}

async function succeed(answer: ArmAnswer): Promise<void> {
  expect(await daemon.ended(answer)).toMatchObject({ status: 'Succeeded' });
}

async function admit(name: string): Promise<void> {
  const rule = { properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' } };
  await succeed(await daemon.arm('PUT', `${idOf(name)}/firewallRules/here`, rule));
}

async function stateOf(name: string): Promise<string> {
  const { status, body } = await daemon.arm('GET', idOf(name));
  return status === 404 ? 'gone' : body.properties.state;
}

/** As a customer does: to the server's address, over TLS. (mysql2 cannot compare a certificate with an address.) */
async function connect(name: string, user = 'owner'): Promise<Connection> {
  const { body } = await daemon.arm('GET', idOf(name));
  return createConnection({
    host: body.properties.fullyQualifiedDomainName,
    port: body.properties.databasePort ?? 3306,
    user,
    password: PASSWORD,
    ssl: { ca: readFileSync(daemon.ready.caFile) },
  });
}

async function answers(name: string): Promise<void> {
  const connection = await connect(name);
  const [rows] = await connection.query('SELECT 1 AS one');
  expect(rows).toEqual([{ one: 1 }]);
  await connection.end();
}

/** Again and again until it works: while a server comes back. */
async function answersAgain(name: string, withinMs: number): Promise<void> {
  await until(withinMs, () =>
    answers(name).then(
      () => true,
      () => undefined,
    ),
  );
}

function read<T>(work: (database: Database) => T): T {
  const database = openControlDatabase(paths.controlDatabase);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const primaryPid = (name: string) =>
  read((database) => readPrimary(database, findServerByName(database, name)!.id).process!.pid);

async function fronts(): Promise<string[]> {
  const gateway = await connectGateway(paths.gatewaySocket);
  const counters = await gateway!.counters();
  gateway!.disconnect();
  return counters.map(({ serverId }) => serverId);
}

/** What is left of servers: nothing, once the only one is gone. */
async function nothingIsLeft(): Promise<void> {
  expect(readdirSync(paths.instancesFolder)).toEqual([]);
  expect(await fronts()).toEqual([]);
  const others = processesOf(home).filter((pid) => pid !== daemon.ready.pids.gateway);
  expect(others).toEqual([]);
  expect(readdirSync(paths.runFolder).filter((file) => /^[0-9a-f-]{36}/.test(file))).toEqual([]);
}

/** Begins an operation on a daemon that dies at this position of it, and starts another that has to see to the rest. */
async function dieAt(position: string, begin: () => Promise<ArmAnswer>): Promise<void> {
  await daemon.kill9();
  daemon = await startDaemon({ home, env: { FLEXDECK_FAILPOINT: position } });
  // The answer may be lost with the daemon: the operation goes on all the same, or was never begun.
  const answer = await begin().catch(() => undefined);
  if (answer) expect(answer).toMatchObject({ status: 202 });
  expect(await daemon.exited).toBe('SIGKILL');
  daemon = await startDaemon({ home });
  await until(60 * SECONDS, () => read(listOperationsInProgress).length === 0 || undefined);
}

const positionsOf = (kind: keyof typeof OPERATIONS) =>
  [...OPERATIONS[kind].steps.map(({ name }) => name), 'published'].flatMap((step) => [
    `${kind}/${step}/before`,
    `${kind}/${step}/after`,
  ]);

const SAMPLE = [
  'create-server/dataDirectoryExists/after',
  'create-server/mysqldRuns/after',
  'create-server/published/before',
  'stop-server/mysqldStopped/after',
  'start-server/mysqldRuns/after',
  'restart-server/mysqldRuns/before',
  'delete-server/filesRemoved/before',
];
const chosen = (kind: keyof typeof OPERATIONS) =>
  positionsOf(kind).filter((position) => ALL_STEPS || SAMPLE.includes(position));

describe('kill -9 of the daemon', () => {
  test.each(chosen('create-server'))('at %s: the server is finished', { timeout: 120 * SECONDS }, async (position) => {
    const name = position.replaceAll('/', '-').toLowerCase();
    await dieAt(position, () => create(name));
    expect(await stateOf(name)).toBe('Ready');
    await admit(name);
    await answers(name);
    await succeed(await daemon.arm('DELETE', idOf(name)));
    await nothingIsLeft();
  });

  test('while a failed creation is undone: nothing is left of the server', { timeout: 120 * SECONDS }, async () => {
    await dieAtTaken('create-server/undo-mysqldRuns/after');
    expect(await stateOf('taken')).toBe('gone');
    await nothingIsLeft();
  });

  /** Somebody takes the server's port after it was chosen, so that the gateway cannot listen. */
  async function dieAtTaken(position: string): Promise<void> {
    await daemon.kill9();
    daemon = await startDaemon({ home, env: { FLEXDECK_FAILPOINT: 'create-server/mysqldRuns/before' } });
    void create('taken').catch(() => {});
    await daemon.exited;
    const { address, port } = read((database) => findServerByName(database, 'taken')!);
    const thief = await listen(address, port!);
    const dying = spawnDaemon({ home, env: { FLEXDECK_FAILPOINT: position } });
    await until(60 * SECONDS, () => dying.signalCode ?? undefined);
    daemon = await startDaemon({ home });
    await until(60 * SECONDS, () => read(listOperationsInProgress).length === 0 || undefined);
    await new Promise((resolve) => thief.close(resolve));
  }

  function listen(host: string, port: number): Promise<Server> {
    return new Promise((resolve, reject) => {
      const server = createServer();
      server.once('error', reject).listen({ host, port }, () => resolve(server));
    });
  }
});

describe('a server with data', () => {
  let session: Connection;

  beforeAll(async () => {
    await succeed(await create('data'));
    await admit('data');
    const connection = await connect('data');
    await connection.query('CREATE DATABASE shop');
    await connection.query('CREATE TABLE shop.orders (id INT PRIMARY KEY)');
    await connection.query('INSERT INTO shop.orders VALUES (1), (2)');
    await connection.end();
  });

  async function dataIsThere(): Promise<void> {
    const connection = await connect('data');
    const [rows] = await connection.query('SELECT count(*) AS orders FROM shop.orders');
    await connection.end();
    expect(rows).toEqual([{ orders: 2 }]);
  }

  test('does not let a client be the daemon', async () => {
    await expect(connect('data', 'flexdeck')).rejects.toThrow(/Access denied for user 'flexdeck'/);
  });

  test('keeps a client’s session when the daemon is killed and started again', async () => {
    session = await connect('data');
    await session.query('SET @mark = 42');
    const pid = primaryPid('data');
    await daemon.kill9();
    const whileDown = await session.query('SELECT @mark AS mark');
    daemon = await startDaemon({ home });
    const [rows] = await session.query('SELECT @mark AS mark');
    expect(rows).toEqual([{ mark: 42 }]);
    expect(whileDown[0]).toEqual([{ mark: 42 }]);
    expect(primaryPid('data')).toBe(pid);
    session.destroy();
  });

  test('refuses a second operation while one runs, and says which', async () => {
    const first = await act('data', 'restart');
    const second = await act('data', 'stop');
    expect(second).toMatchObject({ status: 409, body: { error: { code: 'ServerIsBusy' } } });
    expect(second.body.error.message).toMatch(/Restart server/);
    await succeed(first);
  });

  test.each(chosen('stop-server'))('stops through a death at %s', { timeout: 120 * SECONDS }, async (position) => {
    await dieAt(position, () => act('data', 'stop'));
    expect(await stateOf('data')).toBe('Stopped');
    await until(10 * SECONDS, () =>
      connect('data').then(
        () => undefined,
        ({ message }) => message === `Server 'data' is stopped. Start it to connect.` || undefined,
      ),
    );
    expect(processesOf(home)).toEqual([daemon.ready.pids.gateway]);
    await succeed(await act('data', 'start'));
  });

  test.each(chosen('start-server'))('starts through a death at %s', { timeout: 120 * SECONDS }, async (position) => {
    await succeed(await act('data', 'stop'));
    await dieAt(position, () => act('data', 'start'));
    expect(await stateOf('data')).toBe('Ready');
    await dataIsThere();
  });

  test.each(chosen('restart-server'))(
    'restarts through a death at %s',
    { timeout: 120 * SECONDS },
    async (position) => {
      const before = primaryPid('data');
      await dieAt(position, () => act('data', 'restart'));
      expect(await stateOf('data')).toBe('Ready');
      expect(primaryPid('data')).not.toBe(before);
      await dataIsThere();
    },
  );

  test('comes back with its data when mysqld is killed', async () => {
    const before = primaryPid('data');
    process.kill(before, 'SIGKILL');
    await answersAgain('data', 30 * SECONDS);
    expect(primaryPid('data')).not.toBe(before);
    await dataIsThere();
    await until(10 * SECONDS, async () => (await stateOf('data')) === 'Ready' || undefined);
  });

  test('is reachable again when the gateway is killed', async () => {
    const before = primaryPid('data');
    process.kill(daemon.ready.pids.gateway, 'SIGKILL');
    await answersAgain('data', 10 * SECONDS);
    expect(primaryPid('data')).toBe(before);
  });

  test('stops with the daemon, and comes back with it', { timeout: 120 * SECONDS }, async () => {
    await daemon.stop();
    expect(processesOf(home)).toEqual([]);
    expect(existsSync(paths.readyFile)).toBe(false);
    daemon = await startDaemon({ home });
    await answersAgain('data', 30 * SECONDS);
    await dataIsThere();
    // Nothing went wrong, so nothing says so.
    const kinds = read((database) => database.prepare('SELECT kind FROM operations ORDER BY sequence DESC').all());
    expect(kinds[0]).toEqual({ kind: 'resume-server' });
    expect(read((database) => readPrimary(database, findServerByName(database, 'data')!.id).restarts)).toEqual([]);
  });

  test('is not left running by a start that fails, or is stopped half-way', { timeout: 120 * SECONDS }, async () => {
    await daemon.stop();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const failing = spawnDaemon({ home, env: { FLEXDECK_ARM_PORT: String(port) } });
    const [failed] = await once(failing, 'exit');
    taken.close();
    expect(failed).toBe(1);
    expect(processesOf(home)).toEqual([]);

    const stopped = spawnDaemon({ home });
    await until(30 * SECONDS, () => processesOf(home).length > 0 || undefined);
    stopped.kill('SIGTERM');
    const [code] = await once(stopped, 'exit');
    expect(code).toBe(0);
    expect(processesOf(home)).toEqual([]);
    daemon = await startDaemon({ home });
    await answersAgain('data', 30 * SECONDS);
  });

  test('goes on when the daemon stops and is told to keep servers', { timeout: 120 * SECONDS }, async () => {
    await daemon.kill9();
    daemon = await startDaemon({ home, args: ['--keep-servers'] });
    session = await connect('data');
    await daemon.stop();
    const [rows] = await session.query('SELECT 1 AS one');
    expect(rows).toEqual([{ one: 1 }]);
    session.destroy();
    daemon = await startDaemon({ home });
  });

  test('belongs to one daemon: a second on the same home refuses', async () => {
    const second = spawnDaemon({ home });
    await until(30 * SECONDS, () => second.exitCode ?? undefined);
    expect(second.exitCode).toBe(1);
    const log = readFileSync(join(home, 'daemon.log'), 'utf8');
    expect(log).toMatch(new RegExp(`Another control plane \\(process ${daemon.pid}\\) runs on ${home}`));
    await dataIsThere();
  });

  test('gets a bigger size with a restart, and tags without one', async () => {
    const before = primaryPid('data');
    await succeed(await daemon.arm('PATCH', idOf('data'), { tags: { team: 'shop' } }));
    expect(primaryPid('data')).toBe(before);
    const sku = { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' };
    await succeed(await daemon.arm('PATCH', idOf('data'), { sku }));
    expect(primaryPid('data')).not.toBe(before);
    const { body } = await daemon.arm('GET', idOf('data'));
    expect(body).toMatchObject({ sku, tags: { team: 'shop' }, properties: { state: 'Ready' } });
    await dataIsThere();
  });

  test('is deleted with its group, through a death', { timeout: 120 * SECONDS }, async () => {
    const positions = chosen('delete-server');
    for (const position of positions.slice(0, -1)) {
      await dieAt(position, () => daemon.arm('DELETE', idOf('data')));
      expect(await stateOf('data')).toBe('gone');
      await nothingIsLeft();
      await succeed(await create('data'));
    }
    await dieAt(positions.at(-1)!, () => daemon.arm('DELETE', `${group}?api-version=2021-04-01`));
    expect((await daemon.arm('GET', `${group}?api-version=2021-04-01`)).status).toBe(404);
    await nothingIsLeft();
  });
});
