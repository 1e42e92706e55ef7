/** A server is changed while its daemon dies at each step of it: what was asked for is so in the end, or all is as before. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findSku } from '../../rules/skus.ts';
import { WEEKDAYS } from '../../rules/schedules.ts';
import { destroyHome, makeHome, until } from '../testing/daemon.ts';
import { PASSWORD, TestServers } from '../testing/servers.ts';
import { ALL_STEPS, positionsOf } from '../testing/steps.ts';

const timeout = 120_000;
const home = makeHome();
const servers = new TestServers(home);
const SMALL = { name: 'Standard_B1ms', tier: 'Burstable' };
const BIGGER = { name: 'Standard_B2s', tier: 'Burstable' };

beforeAll(async () => {
  await servers.begin('changes');
  await servers.succeed(await servers.create('shop'));
  await servers.admit('shop');
});

afterAll(() => destroyHome(home));

const arm = (method: string, path: string, body?: unknown) =>
  servers.daemon.arm(method, servers.idOf('shop') + path, body);
const rules = () => servers.read((database) => database.prepare('SELECT name FROM firewall_rules').all());

describe('a bigger size and a new password', () => {
  const sample = ['update-server/mysqldStopped/after'];
  let password = PASSWORD;

  test.each(positionsOf('update-server', sample, ['iopsSet']))(
    'through a death at %s',
    { timeout },
    async (position) => {
      const before = servers.pidOf('shop');
      const { sku: was } = servers.row('shop').intent;
      const sku = was.name === SMALL.name ? BIGGER : SMALL;
      password = `Correct-horse-${Math.random()}`;
      await servers.dieAt(position, () =>
        arm('PATCH', '', { sku, properties: { administratorLoginPassword: password } }),
      );
      expect((await arm('GET', '')).body).toMatchObject({ sku, properties: { state: 'Ready' } });
      expect(servers.pidOf('shop')).not.toBe(before);
      const connection = await servers.connect('shop', { password });
      const [rows] = await connection.query('SELECT @@max_connections AS connections');
      connection.destroy();
      expect(rows).toEqual([{ connections: findSku(sku.name)!.maxConnections.default }]);
    },
  );

  const undoing = [
    'undo-mysqldRuns/after',
    'undo-mysqldStopped/before',
    'undo-gatewayClosed/after',
    'published/before',
  ];
  test.each(undoing.slice(0, ALL_STEPS ? undefined : 1))(
    'that mysqld does not take: the server is as before, through a death at %s',
    { timeout },
    async (position) => {
      const { sku } = servers.row('shop').intent;
      const change = { sku: sku.name === SMALL.name ? BIGGER : SMALL };
      await servers.dieFirst('update-server/mysqldRuns/before', () => arm('PATCH', '', change));
      // mysqld cannot be told its new options.
      const optionFile = join(servers.folderOf('shop'), 'my.cnf');
      rmSync(optionFile);
      mkdirSync(optionFile);
      await servers.goOnAndDieAt('update-server/undo-mysqldRuns/before');
      rmSync(optionFile, { recursive: true });
      await servers.goOnAndDieAt(`update-server/${position}`);
      await servers.finish();
      const { body } = await arm('GET', '');
      expect(body).toMatchObject({ sku, properties: { state: 'Ready' } });
      const { stateReason } = servers.row('shop');
      expect(stateReason).toMatch(/^The last update failed: It failed while it was at “Starting MySQL”/);
      expect(stateReason).not.toContain(home);
      const connection = await servers.connect('shop', { password });
      connection.destroy();
    },
  );

  test('gets its password back', async () => {
    await servers.succeed(await arm('PATCH', '', { properties: { administratorLoginPassword: PASSWORD } }));
    await servers.query('shop', 'SELECT 1');
  });
});

describe.runIf(ALL_STEPS)('IOPS that scale by themselves', () => {
  const positions = positionsOf('update-server', []).filter((position) => position.includes('/iopsSet/'));

  test.each(positions)('reach MySQL without a restart, through a death at %s', { timeout }, async (position) => {
    const pid = servers.pidOf('shop');
    const { autoIoScaling: was } = servers.row('shop').intent.properties.storage;
    const autoIoScaling = was === 'Enabled' ? 'Disabled' : 'Enabled';
    await servers.dieAt(position, () => arm('PATCH', '', { properties: { storage: { autoIoScaling } } }));
    expect(servers.pidOf('shop')).toBe(pid);
    const { iops } = servers.row('shop').intent.properties.storage as unknown as { iops: number };
    const most = findSku(servers.row('shop').intent.sku.name)!.maxIops;
    expect(await servers.query('shop', 'SELECT @@GLOBAL.innodb_io_capacity AS capacity')).toEqual([
      { capacity: Math.max(200, Math.floor((autoIoScaling === 'Enabled' ? most : iops) / 2)) },
    ]);
  });
});

describe('a firewall rule', () => {
  const body = { properties: { startIpAddress: '10.1.2.3', endIpAddress: '10.1.2.9' } };

  test.each(positionsOf('put-firewall-rule', ['put-firewall-rule/rulesInForce/before']))(
    'is made through a death at %s',
    { timeout },
    async (position) => {
      await servers.dieAt(position, () => arm('PUT', '/firewallRules/office', body));
      expect((await arm('GET', '/firewallRules/office')).body).toMatchObject(body);
      await servers.query('shop', 'SELECT 1');
      await servers.succeed(await arm('DELETE', '/firewallRules/office'));
    },
  );

  test.each(positionsOf('delete-firewall-rule', ['delete-firewall-rule/rulesInForce/before']))(
    'is gone, with what it let in, through a death at %s',
    { timeout },
    async (position) => {
      const session = await servers.connect('shop');
      const cut = new Promise((resolve) => session.on('error', resolve));
      await servers.dieAt(position, () => arm('DELETE', '/firewallRules/here'));
      await cut;
      expect(rules()).toEqual([]);
      await expect(servers.connect('shop')).rejects.toThrow(/is not allowed to connect to this MySQL server/);
      await servers.admit('shop');
    },
  );
});

describe('a database', () => {
  const names = async () =>
    ((await servers.query('shop', 'SHOW DATABASES')) as { Database: string }[]).map(({ Database }) => Database);

  test.each(positionsOf('put-database', ['put-database/databaseExists/after']))(
    'is made through a death at %s',
    { timeout },
    async (position) => {
      const properties = { charset: 'latin1', collation: 'latin1_swedish_ci' };
      await servers.dieAt(position, () => arm('PUT', '/databases/orders', { properties }));
      expect((await arm('GET', '/databases/orders')).body.properties).toMatchObject(properties);
      expect(await names()).toContain('orders');
      await servers.succeed(await arm('DELETE', '/databases/orders'));
    },
  );

  test.each(positionsOf('delete-database', ['delete-database/databaseDropped/after']))(
    'is gone through a death at %s',
    { timeout },
    async (position) => {
      await servers.succeed(await arm('PUT', '/databases/orders', { properties: {} }));
      await servers.query('shop', 'CREATE TABLE orders.one (id INT PRIMARY KEY)');
      await servers.dieAt(position, () => arm('DELETE', '/databases/orders'));
      expect((await arm('GET', '/databases/orders')).status).toBe(404);
      expect(await names()).not.toContain('orders');
    },
  );
});

test('a database that a client’s transaction uses is waited for, but not for a year', { timeout }, async () => {
  await servers.succeed(await arm('PUT', '/databases/orders', { properties: {} }));
  const client = await servers.connect('shop');
  await client.query('CREATE TABLE orders.one (id INT PRIMARY KEY)');
  await client.query('BEGIN');
  await client.query('SELECT * FROM orders.one');
  const begun = await arm('DELETE', '/databases/orders');
  // performance_schema.variables_by_thread shows what the session that drops it has set.
  const limit = await until(10_000, async () => {
    const [row] = (await servers.query(
      'shop',
      `SELECT v.variable_value AS seconds FROM performance_schema.variables_by_thread v
         JOIN performance_schema.threads t USING (thread_id)
        WHERE v.variable_name = 'lock_wait_timeout' AND t.processlist_info LIKE 'DROP DATABASE%'
          AND t.processlist_state LIKE 'Waiting for%'`,
    )) as { seconds: string }[];
    return row?.seconds;
  });
  expect(Number(limit)).toBeLessThanOrEqual(60);
  await client.query('ROLLBACK');
  await client.end();
  await servers.succeed(begun);
});

describe('server parameters', () => {
  const value = (name: string) => servers.query('shop', `SELECT @@GLOBAL.${name} AS value`);

  test.each(positionsOf('update-configurations', ['update-configurations/variablesSet/after']))(
    'are set through a death at %s, and kept',
    { timeout },
    async (position) => {
      const [{ value: before }] = (await value('max_connections')) as [{ value: number }];
      const wanted = before === 90 ? 80 : 90;
      const secure = wanted === 90 ? 'OFF' : 'ON';
      await servers.dieAt(position, () =>
        arm('POST', '/updateConfigurations', {
          value: [
            { name: 'max_connections', properties: { value: String(wanted), source: 'user-override' } },
            { name: 'require_secure_transport', properties: { value: secure, source: 'user-override' } },
          ],
        }),
      );
      expect(await value('max_connections')).toEqual([{ value: wanted }]);
      expect((await arm('GET', '/configurations/max_connections')).body.properties.value).toBe(String(wanted));
      const { state, overrides } = servers.row('shop');
      // What is the default again is no override any more.
      expect([state, overrides.require_secure_transport ?? 'ON']).toEqual(['Ready', secure]);
      await servers.succeed(await servers.act('shop', 'restart'));
      expect(await value('max_connections')).toEqual([{ value: wanted }]);
      expect(readFileSync(join(servers.folderOf('shop'), 'my.cnf'), 'utf8')).toContain(`max_connections = "${wanted}"`);
    },
  );
});

const schedule = () => `${servers.idOf('shop')}/providers/Flexdeck.Local/schedules/now?api-version=2026-11-01-preview`;
const lastRun = async () => (await servers.daemon.arm('GET', schedule())).body.properties.lastRun;
const began = (action: string) =>
  servers.read(
    (database) =>
      database.prepare('SELECT id FROM operations WHERE kind = ?').all(`${action.toLowerCase()}-server`).length,
  );

/** Saves a schedule as the portal does. It is due this minute, once it was made a while ago. */
async function due(action: 'Start' | 'Stop'): Promise<void> {
  await servers.daemon.arm('DELETE', schedule());
  const properties = {
    action,
    days: [...WEEKDAYS],
    time: new Date().toISOString().slice(11, 16),
    timeZone: 'UTC',
    enabled: true,
  };
  const { status } = await servers.daemon.arm('PUT', schedule(), { properties });
  expect(status).toBe(201);
  servers.read((database) => database.exec('UPDATE schedules SET changed_at = 0'));
}

describe('a schedule', () => {
  const sample = ['stop-server/mysqldStopped/before'];
  const positions = [...positionsOf('stop-server', sample), ...positionsOf('start-server', sample)];

  test.each(positions)('is done once, through a death at %s', { timeout }, async (position) => {
    const action = position.startsWith('stop') ? 'Stop' : 'Start';
    const wanted = action === 'Stop' ? 'Stopped' : 'Ready';
    const from = action === 'Stop' ? 'start' : 'stop';
    if ((await servers.stateOf('shop')) === wanted) await servers.succeed(await servers.act('shop', from));
    const before = began(action);
    await servers.daemon.kill9();
    await servers.start({ FLEXDECK_FAILPOINT: position });
    await due(action).catch(() => {});
    expect(await servers.daemon.exited).toBe('SIGKILL');
    await servers.start();
    await until(60_000, async () => (await servers.stateOf('shop')) === wanted || undefined);
    await until(30_000, async () => (await lastRun())?.outcome === 'Succeeded' || undefined);
    expect(began(action)).toBe(before + 1);
    if (action === 'Start') await servers.answersAgain('shop', 20_000);
  });
});
