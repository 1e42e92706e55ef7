import { readFileSync } from 'node:fs';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { destroyHome, makeHome, until } from '../testing/daemon.ts';
import { TestRuntimes } from '../testing/runtimes.ts';
import { TestServers } from '../testing/servers.ts';
import { positionsOf } from '../testing/steps.ts';

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
    await servers.start({ ...env, FLEXDECK_FAILPOINT: 'patch-server/runtimeSwitched/after' });
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
