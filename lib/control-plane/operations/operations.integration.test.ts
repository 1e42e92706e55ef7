import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectGateway } from '../gateway/client.ts';
import { homePaths } from '../home.ts';
import { readPrimary } from '../store/instances.ts';
import { findServerByName } from '../store/servers.ts';
import { destroyHome, makeHome, processesOf, spawnDaemon, until } from '../testing/daemon.ts';
import { TestServers } from '../testing/servers.ts';
import { positionsOf } from '../testing/steps.ts';

const SECONDS = 1000;

const home = makeHome();
const paths = homePaths(home);
const servers = new TestServers(home);

beforeAll(() => servers.begin('steps'));

afterAll(async () => {
  if (process.env.FLEXDECK_KEEP_LOGS) console.log(readFileSync(join(home, 'daemon.log'), 'utf8'));
  await destroyHome(home);
});

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
  const others = processesOf(home).filter((pid) => pid !== servers.daemon.ready.pids.gateway);
  expect(others).toEqual([]);
  expect(readdirSync(paths.runFolder).filter((file) => /^[0-9a-f-]{36}/.test(file))).toEqual([]);
}

const SAMPLE = [
  'create-server/dataDirectoryExists/after',
  'create-server/mysqldRuns/after',
  'create-server/published/before',
  'stop-server/mysqldStopped/after',
  'start-server/mysqldRuns/after',
  'restart-server/mysqldRuns/before',
  'delete-server/filesRemoved/before',
];
const chosen = (kind: Parameters<typeof positionsOf>[0]) => positionsOf(kind, SAMPLE);

describe('kill -9 of the daemon', () => {
  test.each(chosen('create-server'))('at %s: the server is finished', { timeout: 120 * SECONDS }, async (position) => {
    const name = position.replaceAll('/', '-').toLowerCase();
    await servers.dieAt(position, () => servers.create(name));
    expect(await servers.stateOf(name)).toBe('Ready');
    await servers.admit(name);
    await servers.query(name, 'SELECT 1');
    await servers.succeed(await servers.daemon.arm('DELETE', servers.idOf(name)));
    await nothingIsLeft();
  });

  test('while a failed creation is undone: nothing is left of the server', { timeout: 120 * SECONDS }, async () => {
    await servers.dieFirst('create-server/mysqldRuns/before', () => servers.create('broken'));
    // mysqld cannot be told its options.
    mkdirSync(join(servers.folderOf('broken'), 'my.cnf'));
    await servers.goOnAndDieAt('create-server/undo-mysqldRuns/after');
    await servers.finish();
    expect(await servers.stateOf('broken')).toBe('gone');
    await nothingIsLeft();
  });

  test('and a port that somebody takes meanwhile: the server gets another', { timeout: 120 * SECONDS }, async () => {
    await servers.dieFirst('create-server/addressClaimed/after', () => servers.create('other'));
    const { address, port } = servers.row('other');
    process.kill(servers.daemon.ready.pids.gateway, 'SIGKILL');
    const thief = await until(10 * SECONDS, () => listen(address, port!));
    await servers.finish();
    expect(await servers.stateOf('other')).toBe('Ready');
    expect(servers.row('other').port).not.toBe(port);
    await new Promise((resolve) => thief.close(resolve));
    await servers.succeed(await servers.daemon.arm('DELETE', servers.idOf('other')));
    await nothingIsLeft();
  });

  /** Undefined while something else listens there. */
  function listen(host: string, port: number): Promise<Server | undefined> {
    return new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(undefined)).listen({ host, port }, () => resolve(server));
    });
  }
});

describe('a server with data', () => {
  let session: Connection;

  beforeAll(async () => {
    await servers.succeed(await servers.create('data'));
    await servers.admit('data');
    const connection = await servers.connect('data');
    await connection.query('CREATE DATABASE shop');
    await connection.query('CREATE TABLE shop.orders (id INT PRIMARY KEY)');
    await connection.query('INSERT INTO shop.orders VALUES (1), (2)');
    await connection.end();
  });

  async function dataIsThere(): Promise<void> {
    const connection = await servers.connect('data');
    const [rows] = await connection.query('SELECT count(*) AS orders FROM shop.orders');
    await connection.end();
    expect(rows).toEqual([{ orders: 2 }]);
  }

  test('does not let a client be the daemon', async () => {
    await expect(servers.connect('data', { user: 'flexdeck' })).rejects.toThrow(/Access denied for user 'flexdeck'/);
  });

  test('keeps a client’s session when the daemon is killed and started again', async () => {
    session = await servers.connect('data');
    await session.query('SET @mark = 42');
    const pid = servers.pidOf('data');
    await servers.daemon.kill9();
    const whileDown = await session.query('SELECT @mark AS mark');
    await servers.start();
    const [rows] = await session.query('SELECT @mark AS mark');
    expect(rows).toEqual([{ mark: 42 }]);
    expect(whileDown[0]).toEqual([{ mark: 42 }]);
    expect(servers.pidOf('data')).toBe(pid);
    session.destroy();
  });

  test('refuses a second operation while one runs, and says which', async () => {
    const first = await servers.act('data', 'restart');
    const second = await servers.act('data', 'stop');
    expect(second).toMatchObject({ status: 409, body: { error: { code: 'ServerIsBusy' } } });
    expect(second.body.error.message).toMatch(/Restart server/);
    await servers.succeed(first);
  });

  test.each(chosen('stop-server'))('stops through a death at %s', { timeout: 120 * SECONDS }, async (position) => {
    await servers.dieAt(position, () => servers.act('data', 'stop'));
    expect(await servers.stateOf('data')).toBe('Stopped');
    await until(10 * SECONDS, () =>
      servers.connect('data').then(
        () => undefined,
        ({ message }) => message === `Server 'data' is stopped. Start it to connect.` || undefined,
      ),
    );
    expect(processesOf(home)).toEqual([servers.daemon.ready.pids.gateway]);
    await servers.succeed(await servers.act('data', 'start'));
  });

  test.each(chosen('start-server'))('starts through a death at %s', { timeout: 120 * SECONDS }, async (position) => {
    await servers.succeed(await servers.act('data', 'stop'));
    await servers.dieAt(position, () => servers.act('data', 'start'));
    expect(await servers.stateOf('data')).toBe('Ready');
    await dataIsThere();
  });

  test.each(chosen('restart-server'))(
    'restarts through a death at %s',
    { timeout: 120 * SECONDS },
    async (position) => {
      const before = servers.pidOf('data');
      await servers.dieAt(position, () => servers.act('data', 'restart'));
      expect(await servers.stateOf('data')).toBe('Ready');
      expect(servers.pidOf('data')).not.toBe(before);
      await dataIsThere();
    },
  );

  test('comes back with its data when mysqld is killed', async () => {
    const before = servers.pidOf('data');
    process.kill(before, 'SIGKILL');
    await servers.answersAgain('data', 30 * SECONDS);
    expect(servers.pidOf('data')).not.toBe(before);
    await dataIsThere();
    await until(10 * SECONDS, async () => (await servers.stateOf('data')) === 'Ready' || undefined);
  });

  test('is reachable again when the gateway is killed', async () => {
    const before = servers.pidOf('data');
    process.kill(servers.daemon.ready.pids.gateway, 'SIGKILL');
    await servers.answersAgain('data', 10 * SECONDS);
    expect(servers.pidOf('data')).toBe(before);
  });

  test('stops with the daemon, and comes back with it', { timeout: 120 * SECONDS }, async () => {
    await servers.daemon.stop();
    expect(processesOf(home)).toEqual([]);
    expect(existsSync(paths.readyFile)).toBe(false);
    await servers.start();
    await servers.answersAgain('data', 30 * SECONDS);
    await dataIsThere();
    // Clients are let in before the operation has ended.
    await until(30 * SECONDS, async () => (await servers.stateOf('data')) === 'Ready' || undefined);
    // Nothing went wrong, so nothing says so.
    const kinds = servers.read((database) =>
      // The schedule of backups goes its own way.
      database.prepare(`SELECT kind FROM operations WHERE kind <> 'back-up-server' ORDER BY sequence DESC`).all(),
    );
    expect(kinds[0]).toEqual({ kind: 'resume-server' });
    expect(servers.read((database) => readPrimary(database, findServerByName(database, 'data')!.id).restarts)).toEqual(
      [],
    );
  });

  test('is not left running by a start that fails, or is stopped half-way', { timeout: 120 * SECONDS }, async () => {
    await servers.daemon.stop();
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
    await servers.start();
    await servers.answersAgain('data', 30 * SECONDS);
  });

  test('goes on when the daemon stops and is told to keep servers', { timeout: 120 * SECONDS }, async () => {
    await servers.daemon.kill9();
    await servers.start({}, ['--keep-servers']);
    session = await servers.connect('data');
    await servers.daemon.stop();
    const [rows] = await session.query('SELECT 1 AS one');
    expect(rows).toEqual([{ one: 1 }]);
    session.destroy();
    await servers.start();
  });

  test('belongs to one daemon: a second on the same home refuses', async () => {
    const second = spawnDaemon({ home });
    await until(30 * SECONDS, () => second.exitCode ?? undefined);
    expect(second.exitCode).toBe(1);
    const log = readFileSync(join(home, 'daemon.log'), 'utf8');
    expect(log).toMatch(new RegExp(`Another control plane \\(process ${servers.daemon.pid}\\) runs on ${home}`));
    await dataIsThere();
  });

  test('gets a bigger size with a restart, and tags without one', async () => {
    const before = servers.pidOf('data');
    await servers.succeed(await servers.daemon.arm('PATCH', servers.idOf('data'), { tags: { team: 'shop' } }));
    expect(servers.pidOf('data')).toBe(before);
    const sku = { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' };
    await servers.succeed(await servers.daemon.arm('PATCH', servers.idOf('data'), { sku }));
    expect(servers.pidOf('data')).not.toBe(before);
    const { body } = await servers.daemon.arm('GET', servers.idOf('data'));
    expect(body).toMatchObject({ sku, tags: { team: 'shop' }, properties: { state: 'Ready' } });
    await dataIsThere();
  });

  test.each(chosen('delete-server').slice(0, -1))(
    'is deleted through a death at %s',
    { timeout: 120 * SECONDS },
    async (position) => {
      await servers.dieAt(position, () => servers.daemon.arm('DELETE', servers.idOf('data')));
      expect(await servers.stateOf('data')).toBe('gone');
      await nothingIsLeft();
      await servers.succeed(await servers.create('data'));
    },
  );

  test('is deleted with its group, through a death', { timeout: 120 * SECONDS }, async () => {
    const group = `${servers.group}?api-version=2021-04-01`;
    await servers.dieAt(chosen('delete-server').at(-1)!, () => servers.daemon.arm('DELETE', group));
    expect((await servers.daemon.arm('GET', group)).status).toBe(404);
    await nothingIsLeft();
  });
});
