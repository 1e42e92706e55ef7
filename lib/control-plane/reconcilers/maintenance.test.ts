import { beforeEach, describe, expect, it } from 'vitest';
import { NOTICE_MS, WINDOW_MS } from '../../rules/maintenance.ts';
import type { MysqlRuntime } from '../mysql/runtime.ts';
import { beginRestartServer } from '../operations/begin.ts';
import {
  createTestCloud,
  newServer,
  TEST_GROUP,
  TEST_SERVER,
  TEST_SUBSCRIPTION,
  type TestCloud,
} from '../resources/conformance-world.ts';
import { listMaintenances, updateMaintenance } from '../store/maintenances.ts';
import { findServerByName, updateServer } from '../store/servers.ts';
import { itself } from './itself.ts';
import { maintenanceReconciler } from './maintenance.ts';

const HOUR = 60 * 60_000;
const LIST = `${TEST_SERVER}/maintenances`;
let now: number;
let cloud: TestCloud;
let arrives: MysqlRuntime[];

beforeEach(async () => {
  now = Date.parse('2026-11-23T11:00:00Z');
  arrives = [];
  cloud = createTestCloud({ now: () => now });
  await cloud.call('PUT', TEST_GROUP, { body: { location: 'westeurope' } });
  await cloud.call('PUT', TEST_SERVER, { body: newServer() });
  await cloud.settle();
  const maintenanceWindow = { customWindow: 'Enabled', dayOfWeek: 2, startHour: 3, startMinute: 0 };
  await cloud.call('PATCH', TEST_SERVER, { body: { properties: { maintenanceWindow } } });
  await cloud.settle();
});

function tick(): Promise<string | undefined> {
  const { control } = cloud.resources;
  return maintenanceReconciler(control, 'tenant', async () => {
    (control.world.runtimes as MysqlRuntime[]).unshift(...arrives.splice(0));
    return undefined;
  }).tick();
}
async function tickAt(at: number): Promise<string | undefined> {
  now = at;
  const story = await tick();
  await cloud.settle();
  return story;
}
const build = (fullVersion: string, registeredAt = 0) =>
  ({ id: `new-${fullVersion}-${registeredAt}`, series: '9.7', fullVersion, registeredAt }) as MysqlRuntime;
const list = async () => (await cloud.call('GET', LIST)).body.value;
const newest = async () => (await list())[0].properties;
const reschedule = async (maintenanceStartTime: string) => {
  const [{ name }] = await list();
  return cloud.call('PATCH', `${LIST}/${name}`, { body: { properties: { maintenanceStartTime } } });
};
const start = Date.parse('2026-12-01T03:00:00Z');

/** The build came, and people were told. */
async function announced(fullVersion = '9.7.5') {
  arrives.push(build(fullVersion));
  await tick();
}

describe('a newer build', () => {
  it('is announced a week ahead, for the server’s own window', async () => {
    expect(await tick()).toBeUndefined();
    await announced();
    expect(start - now).toBeGreaterThanOrEqual(NOTICE_MS);
    expect(await newest()).toMatchObject({
      maintenanceState: 'Scheduled',
      maintenanceType: 'MinorVersionUpgrade',
      maintenanceStartTime: new Date(start).toISOString(),
      maintenanceEndTime: new Date(start + WINDOW_MS).toISOString(),
      fromVersion: '9.7.4',
      toVersion: '9.7.5',
    });
    expect(await tickAt(start - 1)).toBeUndefined();
    expect(await list()).toHaveLength(1);
  });

  it('comes in the window, once, and new servers have it before', async () => {
    await announced();
    expect(await tickAt(start + 1000)).toMatch(/has begun/);
    expect(await newest()).toMatchObject({ maintenanceState: 'Completed', downtimeMilliseconds: 0 });
    expect((await cloud.call('GET', TEST_SERVER)).body.properties.fullVersion).toBe('9.7.5');
    expect(await tickAt(start + 2000)).toBeUndefined();
    expect(await list()).toHaveLength(1);
  });

  it('of the same version is one when it was registered later', async () => {
    arrives.push(build('9.7.4', 1));
    await tick();
    expect(await newest()).toMatchObject({ maintenanceType: 'RoutineMaintenance', toVersion: '9.7.4' });
  });

  it('that is older, or of another series, is none', async () => {
    arrives.push(build('9.7.3'), { ...build('10.0.0'), series: '10.0' });
    expect(await tick()).toBeUndefined();
    expect(await list()).toEqual([]);
  });

  it('takes the place of one that is still ahead', async () => {
    await announced('9.7.5');
    await announced('9.7.6');
    await tick();
    expect(
      (await list())
        .map(({ properties }: { properties: { maintenanceState: string } }) => properties.maintenanceState)
        .sort(),
    ).toEqual(['Canceled', 'Scheduled']);
    expect(
      (await list()).find(
        ({ properties }: { properties: { maintenanceState: string } }) => properties.maintenanceState === 'Scheduled',
      ).properties.toVersion,
    ).toBe('9.7.6');
  });
});

describe('a maintenance that is due', () => {
  it('while the server is stopped is put off to the next window, with the reason', async () => {
    await announced();
    await cloud.call('POST', `${TEST_SERVER}/stop`);
    await cloud.settle();
    expect(await tickAt(start)).toBeUndefined();
    expect((await newest()).reason).toMatch(/stopped/);
    expect(await tickAt(start + WINDOW_MS + 1)).toMatch(/put off: The server is stopped/);
    expect(await newest()).toMatchObject({
      maintenanceState: 'ReScheduled',
      maintenanceStartTime: new Date(start + 7 * 24 * HOUR).toISOString(),
      reason: expect.stringMatching(/stopped/),
    });
  });

  it('while the control plane does not run is put off too, also when the clock is moved far over it', async () => {
    await announced();
    expect(await tickAt(start + 40 * 24 * HOUR)).toMatch(/did not run in its window/);
    expect(Date.parse((await newest()).maintenanceStartTime)).toBeGreaterThan(now);
    expect(new Date((await newest()).maintenanceStartTime).getUTCDay()).toBe(2);
    expect((await cloud.call('GET', TEST_SERVER)).body.properties.fullVersion).toBe('9.7.4');
  });

  it.each<[string, Parameters<typeof updateServer>[2], RegExp]>([
    ['fails over', { haState: 'FailingOver' }, /standby is not complete/],
    ['makes its standby', { haState: 'CreatingStandby' }, /standby is not complete/],
    ['is being restored', { state: 'Starting' }, /is starting/],
    ['is disabled', { state: 'Disabled' }, /could not be kept running/],
  ])('while the server %s waits within its window, and is put off when that ends', async (_, change, reason) => {
    await announced();
    const { database } = cloud.resources.control.world;
    const { id, state, haState } = findServerByName(database, 'srv1')!;
    updateServer(database, id, change);
    expect(await tickAt(start)).toBeUndefined();
    expect((await newest()).reason).toMatch(reason);
    expect(await tickAt(start + WINDOW_MS + 1)).toMatch(reason);
    const { maintenanceStartTime } = await newest();
    expect(Date.parse(maintenanceStartTime)).toBe(start + 7 * 24 * HOUR);
    updateServer(database, id, { state, haState });
    expect(await tickAt(Date.parse(maintenanceStartTime))).toMatch(/has begun/);
  });

  it('is not done twice when the clock is moved back', async () => {
    await announced();
    expect(await tickAt(start + 1000)).toMatch(/has begun/);
    expect(await tickAt(start - 24 * HOUR)).toBeUndefined();
    expect(await tickAt(start + 2000)).toBeUndefined();
    expect(await list()).toHaveLength(1);
  });

  it('while the server is busy waits within its window', async () => {
    await announced();
    now = start;
    const { control } = cloud.resources;
    const server = findServerByName(control.world.database, 'srv1')!;
    beginRestartServer(control, { server, apiVersion: '2024-12-30', caller: itself('tenant', 'c') });
    const ticked = tick();
    await ticked;
    await cloud.settle();
    expect(await newest()).toMatchObject({ maintenanceState: 'Scheduled', reason: expect.stringMatching(/busy/) });
    expect(await tickAt(start + 1000)).toMatch(/has begun/);
  });
});

describe('a build that failed', () => {
  it('leaves the next best to be brought, and is offered again after a month', async () => {
    arrives.push(build('9.7.6'), build('9.7.5'));
    await tick();
    const { database } = cloud.resources.control.world;
    const { id } = findServerByName(database, 'srv1')!;
    updateMaintenance(database, listMaintenances(database, id)[0]!.name, { state: 'Canceled', executionEndedAt: now });
    await tickAt(now + 1000);
    expect(await newest()).toMatchObject({ maintenanceState: 'Scheduled', toVersion: '9.7.5' });
    const { maintenanceStartTime } = await newest();
    expect(await tickAt(Date.parse(maintenanceStartTime))).toMatch(/has begun/);
    expect(await tickAt(now + 1000)).toBeUndefined();
    await tickAt(now + 31 * 24 * HOUR);
    expect(await newest()).toMatchObject({ maintenanceState: 'Scheduled', toVersion: '9.7.6' });
  });
});

describe('a virtual canary', () => {
  const CANARY = TEST_SERVER.replace(/srv1$/, 'canary');
  const ofCanary = async () => (await cloud.call('GET', `${CANARY}/maintenances`)).body.value[0].properties;
  const strategy = (patchStrategy: string) =>
    cloud.call('PATCH', CANARY, { body: { properties: { maintenancePolicy: { patchStrategy } } } });

  beforeEach(async () => {
    await cloud.call('PUT', CANARY, { body: newServer() });
    await cloud.settle();
    await strategy('VirtualCanary');
    await cloud.settle();
  });

  it('has a build days before the others, which have it when it went well', async () => {
    await announced();
    const at = Date.parse((await ofCanary()).maintenanceStartTime);
    expect(at - now).toBeLessThan(2.1 * 24 * HOUR);
    expect(await tickAt(at)).toMatch(/canary: the maintenance has begun/);
    expect(await tickAt(start)).toMatch(/srv1: the maintenance has begun/);
  });

  it('on which it failed keeps the others from it, until it is one no more', async () => {
    await announced();
    const { database } = cloud.resources.control.world;
    const [ahead] = listMaintenances(database, findServerByName(database, 'canary')!.id);
    updateMaintenance(database, ahead!.name, { state: 'Canceled', executionEndedAt: now });
    expect(await tickAt(start)).toBeUndefined();
    expect(await newest()).toMatchObject({
      maintenanceState: 'Scheduled',
      reason: expect.stringMatching(/failed on the virtual canary canary/),
    });
    await strategy('Regular');
    await cloud.settle();
    expect(await tickAt(start + 1000)).toMatch(/srv1: the maintenance has begun/);
  });
});

describe('builds', () => {
  const builds = async () =>
    (
      await cloud.call('GET', `${TEST_SERVER}/providers/Flexdeck.Local/builds`, {
        query: { 'api-version': '2026-11-01-preview' },
      })
    ).body.value.map(({ properties }: { properties: Record<string, string> }) => [
      properties['version'] ?? null,
      properties['state'],
      properties['explanation'],
    ]);

  it('are listed with why each comes to a server, or does not', async () => {
    arrives.push(build('9.7.3'), { ...build('10.0.0'), series: '10.0' }, build('9.7.5', 5), build('9.7.4'));
    await tick();
    const { unusableRuntimes } = cloud.resources.control.world;
    (unusableRuntimes as Map<string, string>).set('half', '/opt/half/lib/plugin lacks mysql_clone.so.');
    expect(await builds()).toEqual([
      ['10.0.0', 'OtherSeries', expect.stringMatching(/comes by an upgrade/)],
      ['9.7.5', 'Newer', expect.stringMatching(/Its maintenance is ahead\.$/)],
      ['9.7.4', expect.anything(), expect.anything()],
      ['9.7.4', expect.anything(), expect.anything()],
      ['9.7.3', 'NotNewer', expect.stringMatching(/^It is older/)],
      [null, 'Unusable', 'It cannot be used. It has no mysql_clone.so.'],
    ]);
    expect(
      (await builds())
        .filter(([version]: string[]) => version === '9.7.4')
        .map(([, state]: string[]) => state)
        .sort(),
    ).toEqual(['InUse', 'NotNewer']);
  });
});

describe('people', () => {
  it('put it off, or have it now', async () => {
    await announced();
    const answer = await reschedule('2026-12-10T05:00:00');
    expect(answer.status).toBe(202);
    await cloud.settle();
    expect(await newest()).toMatchObject({
      maintenanceState: 'ReScheduled',
      maintenanceStartTime: '2026-12-10T05:00:00.000Z',
    });
    expect(await tickAt(start)).toBeUndefined();
    expect((await reschedule('2026-11-30T00:00:00Z')).status).toBe(202);
    await cloud.settle();
    expect(await tickAt(now + 1000)).toMatch(/has begun/);
    const late = await reschedule('2026-12-10T05:00:00Z');
    expect([late.status, late.body.error.code]).toEqual([409, 'MaintenanceNotReschedulable']);
    const { body } = await cloud.call(
      'GET',
      `/subscriptions/${TEST_SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values`,
      {
        query: { $filter: `eventTimestamp ge '${new Date(now - 20 * 24 * HOUR).toISOString()}'` },
      },
    );
    const titles = body.value.map(
      (event: { operationName: { localizedValue: string } }) => event.operationName.localizedValue,
    );
    expect(titles).toEqual(
      expect.arrayContaining(['Maintenance scheduled', 'Reschedule maintenance', 'Maintain server']),
    );
  });

  it.each<[string, string]>([
    ['no time', 'soon'],
    ['a time before it was announced', '2026-11-01T00:00:00Z'],
    ['a time too late', '2027-06-01T00:00:00Z'],
  ])('are told when they choose %s', async (_, time) => {
    await announced();
    const answer = await reschedule(time);
    expect([answer.status, answer.body.error.target]).toEqual([400, 'properties.maintenanceStartTime']);
  });
});
