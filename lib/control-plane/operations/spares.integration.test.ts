import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { homePaths } from '../home.ts';
import { openControlDatabase } from '../store/database.ts';
import { readPrimary } from '../store/instances.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { findServerByName } from '../store/servers.ts';
import { destroyHome, makeHome, processesOf, startDaemon, until, type TestDaemon } from '../testing/daemon.ts';

const PASSWORD = 'Correct-horse-1';
const SECONDS = 1000;

const home = makeHome();
const paths = homePaths(home);
let daemon: TestDaemon;
let group: string;

const start = (env: Record<string, string> = {}) => startDaemon({ home, env: { FLEXDECK_SPARES: '1', ...env } });

beforeAll(async () => {
  daemon = await start();
  group = `/subscriptions/${daemon.ready.subscriptionId}/resourceGroups/spares`;
  await daemon.arm('PUT', `${group}?api-version=2021-04-01`, { location: 'westeurope' });
});

afterAll(() => destroyHome(home));

const idOf = (name: string) => `${group}/providers/Microsoft.DBforMySQL/flexibleServers/${name}`;

const create = (name: string) =>
  daemon.arm('PUT', idOf(name), {
    location: 'westeurope',
    sku: { name: 'Standard_B1ms', tier: 'Burstable' },
    properties: { administratorLogin: 'owner', administratorLoginPassword: PASSWORD, storage: { storageSizeGB: 20 } },
  });

async function succeed(answer: Awaited<ReturnType<typeof create>>): Promise<void> {
  expect(await daemon.ended(answer)).toMatchObject({ status: 'Succeeded' });
}

function read<T>(work: (database: ReturnType<typeof openControlDatabase>) => T): T {
  const database = openControlDatabase(paths.controlDatabase);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

/** The finished spare, once there is one. */
function spare(): Promise<string> {
  return until(60 * SECONDS, () => {
    const name = readdirSync(paths.sparesFolder).find((found) => !found.startsWith('.'));
    return name && join(paths.sparesFolder, name);
  });
}

const folderOf = (name: string) =>
  read((database) => paths.instanceFolder(readPrimary(database, findServerByName(database, name)!.id).id));

const uuidOf = (folder: string) => /server-uuid=(.*)/.exec(readFileSync(join(folder, 'data/auto.cnf'), 'utf8'))![1]!;

async function query(name: string, sql: string): Promise<unknown> {
  const rule = { properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' } };
  await succeed(await daemon.arm('PUT', `${idOf(name)}/firewallRules/here`, rule));
  const { body } = await daemon.arm('GET', idOf(name));
  const connection = await createConnection({
    host: body.properties.fullyQualifiedDomainName,
    port: body.properties.databasePort ?? 3306,
    user: 'owner',
    password: PASSWORD,
    ssl: { ca: readFileSync(daemon.ready.caFile) },
  });
  const [rows] = await connection.query(sql);
  await connection.end();
  return rows;
}

const ENCRYPTED = `SELECT count(*) AS plain FROM information_schema.innodb_tablespaces
  WHERE name IN ('mysql', 'sys/sys_config') AND encryption <> 'Y'`;

test('a server gets the spare, and the next one another', async () => {
  const first = await spare();
  expect(processesOf(home)).toEqual([daemon.ready.pids.gateway]);
  const uuid = uuidOf(first);
  const keyring = readFileSync(join(first, 'keyring'), 'utf8');
  await succeed(await create('one'));
  const folder = folderOf('one');
  expect(uuidOf(folder)).toBe(uuid);
  expect(readFileSync(join(folder, 'keyring'), 'utf8')).toContain(JSON.parse(keyring).elements[0].data);
  expect(readdirSync(folder)).not.toContain('spare');
  expect(await query('one', ENCRYPTED)).toEqual([{ plain: 0 }]);
  expect(await query('one', 'SELECT @@gtid_executed LIKE CONCAT(@@server_uuid, ":1%") AS own')).toEqual([{ own: 1 }]);

  const second = await spare();
  expect(uuidOf(second)).not.toBe(uuid);
  expect(readFileSync(join(second, 'keyring'), 'utf8')).not.toBe(keyring);
});

test('two servers at once share nothing', async () => {
  await spare();
  const answers = await Promise.all([create('two'), create('three')]);
  await Promise.all(answers.map(succeed));
  const uuids = ['one', 'two', 'three'].map((name) => uuidOf(folderOf(name)));
  expect(new Set(uuids).size).toBe(3);
  expect(await query('three', ENCRYPTED)).toEqual([{ plain: 0 }]);
});

test(
  'a spare that was damaged costs time only, even when the daemon dies on the way',
  { timeout: 120_000 },
  async () => {
    const damaged = await spare();
    const uuid = uuidOf(damaged);
    truncateSync(join(damaged, 'data/mysql.ibd'), 100_000);
    await daemon.kill9();
    daemon = await start({ FLEXDECK_FAILPOINT: 'create-server/mysqldRuns/before' });
    await create('four').catch(() => {});
    await daemon.exited;
    daemon = await start();
    await until(60 * SECONDS, () => read(listOperationsInProgress).length === 0 || undefined);
    expect(await query('four', ENCRYPTED)).toEqual([{ plain: 0 }]);
    expect(uuidOf(folderOf('four'))).not.toBe(uuid);
  },
);

test('what a daemon leaves half made is cleared away by the next', { timeout: 120_000 }, async () => {
  await spare();
  await succeed(await create('five'));
  const unfinished = await until(30 * SECONDS, () => mysqldOfSpare());
  await daemon.kill9();
  daemon = await start();
  await spare();
  expect(readdirSync(paths.sparesFolder)).toHaveLength(1);
  expect(mysqldOfSpare()).toBeUndefined();
  expect(unfinished).toBeDefined();
});

test('a daemon that stops does not leave one running, nor half of one', { timeout: 120_000 }, async () => {
  await succeed(await create('six'));
  await until(30 * SECONDS, () => mysqldOfSpare());
  await daemon.stop();
  expect(processesOf(home)).toEqual([]);
  expect(readdirSync(paths.sparesFolder)).toEqual([]);
});

function mysqldOfSpare(): number | undefined {
  return processesOf(home).find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(paths.sparesFolder);
    } catch {
      return false;
    }
  });
}
