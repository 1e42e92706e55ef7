import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newServer } from '../resources/conformance-world.ts';
import { findServerByName } from '../store/servers.ts';
import { openControlDatabase } from '../store/database.ts';
import { readPrimary } from '../store/instances.ts';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { destroyHome, makeHome, processesOf, startDaemon, until, type TestDaemon } from '../testing/daemon.ts';

const home = makeHome();
let daemon: TestDaemon;
let server: string;

beforeAll(async () => {
  daemon = await startDaemon({ home });
  const group = `/subscriptions/${daemon.ready.subscriptionId}/resourceGroups/Settings`;
  server = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/settings1`;
  await daemon.arm('PUT', `${group}?api-version=2021-04-01`, { location: 'westeurope' });
  expect(
    await daemon.ended(await daemon.arm('PUT', server, newServer({ storage: { storageSizeGB: 20 } }))),
  ).toMatchObject({ status: 'Succeeded' });
});

afterAll(() => destroyHome(home));

const primary = () => {
  const database = openControlDatabase(join(home, 'control.db'));
  const row = readPrimary(database, findServerByName(database, 'settings1')!.id);
  database.close();
  return row;
};
const pidOfMysqld = () => primary().process!.pid;
const read = async (name: string) => (await daemon.arm('GET', `${server}/configurations/${name}`)).body.properties;
const change = async (values: Record<string, string>) =>
  daemon.ended(
    await daemon.arm('POST', `${server}/updateConfigurations`, {
      value: Object.entries(values).map(([name, value]) => ({ name, properties: { value, source: 'user-override' } })),
    }),
  );

describe('server parameters', () => {
  it.each<[string, Record<string, string>, string, RegExp]>([
    [
      'what mysqld does not start with',
      { character_set_server: 'klingon', long_query_time: '3' },
      'character_set_server',
      /does not start with these values of character_set_server, long_query_time/,
    ],
    [
      'a static value that mysqld would change without a word',
      { innodb_ft_cache_size: '8000001', innodb_buffer_pool_instances: '8' },
      'innodb_buffer_pool_instances',
      /MySQL would make it 1\./,
    ],
    ['a dynamic value that it would change', { join_buffer_size: '1000' }, 'join_buffer_size', /would make it 896/],
    ['one above what it depends on', { innodb_io_capacity: '9000' }, 'innodb_io_capacity', /would make it 2000/],
  ])('refuse %s, and leave the server as it is', async (_, values, target, message) => {
    const before = await Promise.all(Object.keys(values).map(read));
    const pid = pidOfMysqld();
    expect(await change(values)).toMatchObject({
      status: 'Failed',
      error: { code: 'InvalidParameterValue', target, message: expect.stringMatching(message) },
    });
    expect(await Promise.all(Object.keys(values).map(read))).toEqual(before);
    expect(pidOfMysqld()).toBe(pid);
    expect((await daemon.arm('GET', server)).body.properties.state).toBe('Ready');
    // Nothing is left of the trial.
    expect(readdirSync(join(home, 'instances'))).toHaveLength(1);
    expect(processesOf(home)).toHaveLength(2);
  });

  it('take what goes together, and keep it over a restart', async () => {
    const values = { character_set_server: 'latin1', innodb_ft_cache_size: '8000001' };
    expect(await change(values)).toMatchObject({ status: 'Succeeded' });
    expect(await read('innodb_ft_cache_size')).toMatchObject({
      currentValue: '8000000',
      isConfigPendingRestart: 'True',
    });
    expect(await daemon.ended(await daemon.arm('POST', `${server}/restart`))).toMatchObject({ status: 'Succeeded' });
    expect(await read('character_set_server')).toMatchObject({ currentValue: 'latin1', source: 'user-override' });
    expect(await read('innodb_ft_cache_size')).toMatchObject({
      currentValue: '8000001',
      isConfigPendingRestart: 'False',
    });
    const reset = await daemon.arm('POST', `${server}/updateConfigurations`, { resetAllToDefault: 'True' });
    expect(await daemon.ended(reset)).toMatchObject({ status: 'Succeeded' });
    expect(await read('character_set_server')).toMatchObject({ source: 'system-default' });
  });
});

/** For what the test gives out, and leaves the machine something. */
const { bavail, bsize } = statfsSync(home);
const hasRoom = bavail * bsize > 24 * 1024 ** 3;

describe('storage', () => {
  const storage = (change: object) => daemon.arm('PATCH', server, { properties: { storage: change } });
  const grow = async (storageSizeGB: number) =>
    expect(await daemon.ended(await storage({ storageSizeGB }))).toMatchObject({ status: 'Succeeded' });
  const properties = async () => (await daemon.arm('GET', `${server}?api-version=2024-12-30`)).body.properties;
  const asClient = async (sql: string): Promise<unknown> => {
    const { fullyQualifiedDomainName: host, databasePort: port } = await properties();
    const ssl = { ca: readFileSync(daemon.ready.caFile) };
    const connection = await createConnection({ host, port, user: 'myadmin', password: 'Passw0rd!x', ssl });
    try {
      return (await connection.query(sql))[0];
    } finally {
      connection.destroy();
    }
  };

  it.skipIf(!hasRoom)(
    'that is almost full takes no writes, loses none, and takes them again when there is more',
    { timeout: 240_000 },
    async () => {
      const rule = { properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' } };
      await daemon.ended(await daemon.arm('PUT', `${server}/firewallRules/here`, rule));
      expect(await daemon.ended(await storage({ autoGrow: 'Disabled' }))).toMatchObject({ status: 'Succeeded' });
      await asClient('CREATE DATABASE shop');
      await asClient('CREATE TABLE shop.orders (id INT PRIMARY KEY)');
      await asClient('INSERT INTO shop.orders VALUES (1)');
      // Blocks that are given out and never written: the server's 20 GiB are in use.
      const folder = join(home, 'instances', primary().id, 'data');
      execFileSync('fallocate', ['-l', '19450M', join(folder, 'ballast')]);
      try {
        await until(90_000, async () => /read-only/.test((await properties()).stateReason ?? '') || undefined);
        await expect(asClient('INSERT INTO shop.orders VALUES (2)')).rejects.toMatchObject({ errno: 1290 });
        expect(await asClient('SELECT id FROM shop.orders')).toEqual([{ id: 1 }]);
        // A restart opens no gap.
        expect(await daemon.ended(await daemon.arm('POST', `${server}/restart`))).toMatchObject({
          status: 'Succeeded',
        });
        await expect(asClient('INSERT INTO shop.orders VALUES (2)')).rejects.toMatchObject({ errno: 1290 });
        await grow(32);
        await until(30_000, async () => asClient('INSERT INTO shop.orders VALUES (3)').catch(() => undefined));
        expect(await asClient('SELECT id FROM shop.orders')).toEqual([{ id: 1 }, { id: 3 }]);
      } finally {
        rmSync(join(folder, 'ballast'));
      }
    },
  );
});
