import { readFileSync } from 'node:fs';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listInstances } from '../store/instances.ts';
import { destroyHome, makeHome, until } from '../testing/daemon.ts';
import { TestRuntimes } from '../testing/runtimes.ts';
import { PASSWORD, TestServers } from '../testing/servers.ts';
import { ALL_STEPS, positionsOf } from '../testing/steps.ts';

const runtimes = TestRuntimes.of();
const home = makeHome();
const servers = new TestServers(home);
const env = { FLEXDECK_RUNTIMES: runtimes?.folder ?? '' };
const NAME = 'patched1';
let builds = 0;

beforeAll(async () => {
  if (!runtimes) return;
  await register();
  await servers.begin('Maintenance', env);
  await servers.succeed(await servers.create(NAME));
  await servers.admit(NAME);
  await servers.query(NAME, 'CREATE DATABASE shop');
  await servers.query(NAME, 'CREATE TABLE shop.orders (id INT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(40))');
});

afterAll(async () => {
  await destroyHome(home);
  runtimes?.removeAll();
});

/** @returns its id. */
async function register(): Promise<string> {
  builds += 1;
  const id = `build-${builds}`;
  runtimes!.register(id, Date.UTC(2026, 0, builds));
  return id;
}
const list = () => `${servers.idOf(NAME)}/maintenances?api-version=2024-12-30`;
interface Maintenance {
  name: string;
  properties: Record<string, string | number>;
}
const ahead = async (): Promise<Maintenance | undefined> =>
  (await servers.daemon.arm('GET', list())).body.value.find(
    ({ properties }: Maintenance) => properties['maintenanceState'] === 'Scheduled',
  );
const named = async (name: string): Promise<Maintenance['properties']> =>
  (await servers.daemon.arm('GET', list().replace('?', `/${name}?`))).body.properties;
const now = (name: string) =>
  servers.daemon.arm('PATCH', list().replace('?', `/${name}?`), {
    properties: { maintenanceStartTime: new Date().toISOString() },
  });
/** Announced by itself, soon after the build came. */
const announced = () => until(40_000, ahead);
const ended = (name: string) =>
  until(60_000, async () => {
    const found = await named(name);
    return ['Completed', 'Canceled'].includes(String(found['maintenanceState'])) ? found : undefined;
  });
const runsOn = () => readFileSync(`/proc/${servers.pidOf(NAME)}/cmdline`, 'utf8').match(/build-\d+/)?.[0];
const order = (note: string) => servers.query(NAME, `INSERT INTO shop.orders (note) VALUES ('${note}')`);
const notes = async () =>
  ((await servers.query(NAME, 'SELECT note FROM shop.orders ORDER BY id')) as RowDataPacket[]).map(({ note }) => note);

describe.skipIf(!runtimes)('maintenance (skipped where no private MySQL runtime can be copied)', () => {
  it('brings a build that came while the control plane runs, when it is asked for now', async () => {
    await order('before');
    const build = await register();
    const { name, properties } = await announced();
    expect(properties).toMatchObject({ maintenanceType: 'RoutineMaintenance', fromVersion: properties['toVersion'] });
    const lead = Date.parse(String(properties['maintenanceStartTime'])) - Date.now();
    expect(lead).toBeGreaterThan(6.9 * 24 * 3_600_000);
    await servers.succeed(await now(name));
    const done = await ended(name);
    expect(done).toMatchObject({ maintenanceState: 'Completed' });
    expect(done['downtimeMilliseconds']).toBeGreaterThan(0);
    expect(runsOn()).toBe(build);
    expect(await notes()).toEqual(['before']);
    expect(servers.row(NAME)).toMatchObject({ state: 'Ready', stateReason: null });
  });

  const sample = ['patch-server/runtimeTried/before', 'patch-server/runtimeSwitched/after'];
  it.each(positionsOf('patch-server', sample))('goes on after the daemon’s death at %s', async (position) => {
    const build = await register();
    const { name } = await announced();
    await order(position);
    await servers.daemon.kill9();
    await servers.start({ ...env, FLEXDECK_FAILPOINT: position });
    await now(name).catch(() => undefined);
    expect(await servers.daemon.exited).toBe('SIGKILL');
    await servers.start(env);
    expect(await ended(name)).toMatchObject({ maintenanceState: 'Completed' });
    await servers.answersAgain(NAME, 20_000);
    expect(runsOn()).toBe(build);
    expect(await notes()).toContain(position);
  });

  it('takes the old build back when the new one cannot be started after the stop, with all data', async () => {
    const before = runsOn();
    const build = await register();
    const { name } = await announced();
    await order('kept');
    await servers.daemon.kill9();
    await servers.start({ ...env, FLEXDECK_FAILPOINT: 'patch-server/mysqldStopped/after' });
    await now(name).catch(() => undefined);
    expect(await servers.daemon.exited).toBe('SIGKILL');
    runtimes!.remove(build);
    await servers.start(env);
    expect(await ended(name)).toMatchObject({
      maintenanceState: 'Canceled',
      reason: expect.stringMatching(/The maintenance failed; the server runs as before/),
    });
    await servers.answersAgain(NAME, 20_000);
    expect(runsOn()).toBe(before);
    expect(await notes()).toContain('kept');
    expect(servers.row(NAME).state).toBe('Ready');
  });
});

describe.skipIf(!runtimes)('maintenance of a highly available server', () => {
  const PAIR = 'patched2';
  const maintenances = () => `${servers.idOf(PAIR)}/maintenances?api-version=2024-12-30`;
  const sides = () => servers.read((database) => listInstances(database, servers.row(PAIR).id));

  it.skipIf(!ALL_STEPS)(
    'rolls (by npm run test:steps): the standby first, then the two change places, then the other',
    { timeout: 300_000 },
    async () => {
      await servers.succeed(
        await servers.daemon.arm('PUT', servers.idOf(PAIR), {
          location: 'westeurope',
          sku: { name: 'Standard_D2ds_v4', tier: 'GeneralPurpose' },
          properties: {
            administratorLogin: 'owner',
            administratorLoginPassword: PASSWORD,
            highAvailability: { mode: 'ZoneRedundant' },
          },
        }),
      );
      await servers.admit(PAIR);
      await servers.query(PAIR, 'CREATE DATABASE shop');
      await servers.query(PAIR, 'CREATE TABLE shop.orders (id INT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(40))');
      await servers.query(PAIR, "INSERT INTO shop.orders (note) VALUES ('before')");
      const [first] = sides().filter(({ role }) => role === 'primary');
      const build = await register();
      const { name } = await until(40_000, async () => {
        const { body } = await servers.daemon.arm('GET', maintenances());
        return (body.value as Maintenance[]).find(({ properties }) => properties['maintenanceState'] === 'Scheduled');
      });
      await servers.succeed(
        await servers.daemon.arm('PATCH', maintenances().replace('?', `/${name}?`), {
          properties: { maintenanceStartTime: new Date().toISOString() },
        }),
      );
      const done = await until(180_000, async () => {
        const { properties } = (await servers.daemon.arm('GET', maintenances().replace('?', `/${name}?`))).body;
        return ['Completed', 'Canceled'].includes(properties.maintenanceState) ? properties : undefined;
      });
      expect(done).toMatchObject({ maintenanceState: 'Completed' });
      expect(done.downtimeMilliseconds).toBeGreaterThan(0);
      expect(sides().map(({ runtimeId }) => runtimeId)).toEqual([build, build]);
      expect(sides().find(({ role }) => role === 'primary')?.id).not.toBe(first!.id);
      await until(90_000, () => servers.row(PAIR).haState === 'Healthy' || undefined);
      expect(servers.row(PAIR).state).toBe('Ready');
      await servers.query(PAIR, "INSERT INTO shop.orders (note) VALUES ('after')");
      expect(await servers.query(PAIR, 'SELECT note FROM shop.orders ORDER BY id')).toEqual([
        { note: 'before' },
        { note: 'after' },
      ]);
    },
  );
});
