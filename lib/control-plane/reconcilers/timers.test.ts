import { beforeEach, describe, expect, it } from 'vitest';
import { FLEXDECK_LOCAL } from '../../arm/flexdeck-local.ts';
import {
  createTestCloud,
  newServer,
  TEST_GROUP,
  TEST_SERVER,
  TEST_SUBSCRIPTION,
  type TestCloud,
} from '../resources/conformance-world.ts';
import { beginRestartServer } from '../operations/begin.ts';
import { insertLostZone } from '../store/lost-zones.ts';
import { findServerByName, updateServer } from '../store/servers.ts';
import { itself } from './itself.ts';
import { AUTO_START_AGAIN_MS, LATE_MS, timersReconciler } from './timers.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LOCAL = `${TEST_SERVER}/providers/${FLEXDECK_LOCAL}`;
const WORKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];
const LOG = `/subscriptions/${TEST_SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values`;

let now: number;
let cloud: TestCloud;

beforeEach(async () => {
  now = Date.parse('2026-11-23T11:00:00Z'); // a Monday
  cloud = createTestCloud({ now: () => now });
  await cloud.call('PUT', TEST_GROUP, { body: { location: 'westeurope' } });
  const sku = { name: 'Standard_D4ds_v4', tier: 'GeneralPurpose' };
  await cloud.call('PUT', TEST_SERVER, { body: { ...newServer(), sku } });
  await cloud.settle();
});

/** A new one each time, as after the daemon's own restart: it keeps nothing in memory. */
async function tickAt(at: number): Promise<string | undefined> {
  now = at;
  const story = await timersReconciler(cloud.resources.control, 'tenant').tick();
  await cloud.settle();
  return story;
}
const put = (name: string, properties: object) =>
  cloud.call('PUT', `${LOCAL}/schedules/${name}`, { body: { properties } });
const nightly = { action: 'Stop', days: WORKDAYS, time: '19:00', timeZone: 'Europe/Berlin' };
const stateOf = async () => (await cloud.call('GET', TEST_SERVER)).body.properties.state;
const lastRun = async (name: string) => (await cloud.call('GET', `${LOCAL}/schedules/${name}`)).body.properties.lastRun;
const events = async () =>
  (
    await cloud.call('GET', LOG, { query: { $filter: `eventTimestamp ge '${new Date(now - DAY).toISOString()}'` } })
  ).body.value.filter((event: { operationName: { value: string } }) =>
    event.operationName.value.startsWith(FLEXDECK_LOCAL),
  );
const stop = async () => {
  await cloud.call('POST', `${TEST_SERVER}/stop`);
  await cloud.settle();
};

describe('a stopped server', () => {
  it('that cannot be started keeps no other from what it is due', async () => {
    const { database } = cloud.resources.control.world;
    const lost = TEST_SERVER.replace('srv1', 'a-lost');
    await cloud.call('PUT', lost, { body: newServer({ availabilityZone: '2' }) });
    await cloud.settle();
    await cloud.call('POST', `${lost}/stop`);
    await cloud.settle();
    const place = { subscriptionId: TEST_SUBSCRIPTION, location: 'westeurope', zone: '2' };
    insertLostZone(database, { ...place, lostAt: now, lostBy: 'owner@local' });
    await put('nightly', nightly);
    await tickAt(Date.parse('2026-12-07T18:00:30Z'));
    expect(findServerByName(database, 'a-lost')!.state).toBe('Stopped');
    expect(await stateOf()).toBe('Stopped');
  });

  it('starts by itself after seven days, however often the control plane is started again', async () => {
    await stop();
    const stopped = now;
    expect((await cloud.call('GET', `${LOCAL}/autoStart/default`)).body.properties).toEqual({
      afterDays: 7,
      stoppedAt: new Date(stopped).toISOString(),
      startsAt: new Date(stopped + 7 * DAY).toISOString(),
    });
    expect(await tickAt(stopped + 7 * DAY - 1)).toBeUndefined();
    expect(await stateOf()).toBe('Stopped');
    expect(await tickAt(stopped + 9 * DAY)).toMatch(/started srv1/);
    expect(await stateOf()).toBe('Ready');
    expect((await cloud.call('GET', `${LOCAL}/autoStart/default`)).body.properties).toEqual({ afterDays: 7 });
  });

  it('starts when it was told to', async () => {
    await stop();
    const stopped = now;
    const body = { properties: { afterDays: 30 } };
    expect((await cloud.call('PUT', `${LOCAL}/autoStart/default`, { body })).status).toBe(200);
    expect(await tickAt(stopped + 29 * DAY)).toBeUndefined();
    expect(await tickAt(stopped + 30 * DAY)).toMatch(/30 days/);
    for (const afterDays of [0, 31, 1.5]) {
      const answer = await cloud.call('PUT', `${LOCAL}/autoStart/default`, { body: { properties: { afterDays } } });
      expect(answer.status).toBe(400);
    }
  });

  it('is not started again and again when that fails', async () => {
    await stop();
    const stopped = now;
    const { database } = cloud.resources.control.world;
    const fail = () =>
      updateServer(database, findServerByName(database, 'srv1')!.id, { state: 'Stopped', stoppedAt: stopped });
    expect(await tickAt(stopped + 7 * DAY)).toBeDefined();
    fail();
    expect(await tickAt(stopped + 7 * DAY + MINUTE)).toBeUndefined();
    expect(await tickAt(stopped + 7 * DAY + AUTO_START_AGAIN_MS)).toBeDefined();
  });
});

describe('a schedule', () => {
  const due = Date.parse('2026-11-23T18:00:00Z');

  it('is done once, when it is due', async () => {
    expect((await put('night', nightly)).body.properties).toMatchObject({
      enabled: true,
      nextRun: new Date(due).toISOString(),
    });
    expect(await tickAt(due - 1)).toBeUndefined();
    expect(await tickAt(due + 2000)).toBe('srv1, night: Stopping.');
    expect(await stateOf()).toBe('Stopped');
    expect(await lastRun('night')).toMatchObject({ due: new Date(due).toISOString(), outcome: 'Succeeded' });
    await cloud.call('POST', `${TEST_SERVER}/start`);
    await cloud.settle();
    expect(await tickAt(due + 10 * MINUTE)).toBeUndefined();
    expect(await stateOf()).toBe('Ready');
  });

  it('does not make up for what was due before it was made or changed', async () => {
    now = due + MINUTE;
    await put('night', nightly);
    expect(await tickAt(due + 2 * MINUTE)).toBeUndefined();
  });

  it('waits for a server that is busy, and lets it be after an hour', async () => {
    await put('night', nightly);
    now = due;
    const { control } = cloud.resources;
    const server = findServerByName(control.world.database, 'srv1')!;
    beginRestartServer(control, { server, apiVersion: '2024-12-30', caller: itself('tenant', 'correlation') });
    // In the same turn, so that the restart cannot have ended.
    const ticked = timersReconciler(control, 'tenant').tick();
    expect(await ticked).toMatch(/busy/);
    expect(await lastRun('night')).toMatchObject({ outcome: 'Waiting', message: expect.stringMatching(/busy/) });
    await cloud.settle();
    expect(await tickAt(due + 20 * MINUTE)).toBe('srv1, night: Stopping.');
    expect(await stateOf()).toBe('Stopped');
  });

  it.each<[string, number, () => Promise<unknown>, RegExp]>([
    ['it was due long ago', due + LATE_MS + 1, async () => {}, /did not run/],
    [
      'a lock forbids it',
      due,
      () =>
        cloud.call('PUT', `${TEST_SERVER}/providers/Microsoft.Authorization/locks/keep`, {
          body: { properties: { level: 'ReadOnly' } },
        }),
      /scope\(s\) are locked/,
    ],
  ])('is skipped when %s, and the activity log says so', async (_, at, prepare, reason) => {
    await put('night', nightly);
    await prepare();
    expect(await tickAt(at)).toMatch(reason);
    expect(await stateOf()).toBe('Ready');
    expect(await lastRun('night')).toMatchObject({ outcome: 'Skipped', message: expect.stringMatching(reason) });
    const logged = (await events()).filter(({ status }: { status: { value: string } }) => status.value === 'Failed');
    expect(logged).toHaveLength(1);
    expect(logged[0].properties.statusMessage).toMatch(reason);
    expect(await tickAt(at + MINUTE)).toBeUndefined();
  });

  it.each<[string, string, string, string]>([
    ['are put forward over its time', '2027-03-28T00:00:00Z', '2027-03-28T04:00:00Z', '2027-03-28T01:30:00.000Z'],
    ['show its time twice', '2027-10-30T23:00:00Z', '2027-10-31T04:00:00Z', '2027-10-31T00:30:00.000Z'],
  ])('is done once on the night on which the clocks %s', async (_, from, to, due) => {
    now = Date.parse(from);
    await put('night', { ...nightly, days: ['Sunday'], time: '02:30' });
    const begun: string[] = [];
    for (let at = Date.parse(from); at <= Date.parse(to); at += 10 * MINUTE) {
      if (await tickAt(at)) begun.push(new Date(at).toISOString());
      if ((await stateOf()) === 'Stopped') {
        await cloud.call('POST', `${TEST_SERVER}/start`);
        await cloud.settle();
      }
    }
    expect(begun).toEqual([due]);
  });

  it('is not done again when the clock is moved back over it', async () => {
    await put('night', nightly);
    expect(await tickAt(due)).toBe('srv1, night: Stopping.');
    await cloud.call('POST', `${TEST_SERVER}/start`);
    await cloud.settle();
    expect(await tickAt(due - 30 * MINUTE)).toBeUndefined();
    expect(await tickAt(due + 5000)).toBeUndefined();
    expect(await stateOf()).toBe('Ready');
  });

  it('scales, and says what a scaling of a stopped server needs', async () => {
    const sku = { name: 'Standard_D2ds_v4', tier: 'GeneralPurpose' };
    await put('small', { ...nightly, action: 'Scale', sku });
    expect(await tickAt(due)).toBe('srv1, small: Scaling to Standard_D2ds_v4.');
    expect((await cloud.call('GET', TEST_SERVER)).body.sku).toEqual(sku);
    expect(await tickAt(due + DAY)).toMatch(/already/);
    await put('large', { ...nightly, time: '20:00', action: 'Scale', sku: { ...sku, name: 'Standard_D4ds_v4' } });
    await stop();
    expect(await tickAt(due + DAY + 60 * MINUTE)).toMatch(/stopped\. Start it first/);
  });

  it('of two that are due together does one after the other', async () => {
    await stop();
    await put('a-start', { ...nightly, action: 'Start' });
    await put('b-small', { ...nightly, action: 'Scale', sku: { name: 'Standard_D2ds_v4', tier: 'GeneralPurpose' } });
    expect(await tickAt(due)).toBe('srv1, a-start: Starting.');
    expect(await tickAt(due + 5000)).toBe('srv1, b-small: Scaling to Standard_D2ds_v4.');
  });

  it('is listed, changed, switched off and deleted', async () => {
    expect((await put('night', nightly)).status).toBe(201);
    const changed = await put('Night', { ...nightly, enabled: false });
    expect([changed.status, changed.body.name, changed.body.properties.nextRun]).toEqual([200, 'night', undefined]);
    expect(await tickAt(due)).toBeUndefined();
    expect((await cloud.call('GET', `${LOCAL}/schedules`)).body.value).toHaveLength(1);
    expect((await cloud.call('DELETE', `${LOCAL}/schedules/night`)).status).toBe(200);
    expect((await cloud.call('DELETE', `${LOCAL}/schedules/night`)).status).toBe(204);
    expect((await cloud.call('GET', `${LOCAL}/schedules/night`)).status).toBe(404);
  });

  it.each<[string, object, string]>([
    ['a day that is none', { ...nightly, days: ['Caturday'] }, 'properties.days[0]'],
    ['no day', { ...nightly, days: [] }, 'properties.days'],
    ['a zone that is none', { ...nightly, timeZone: 'Mars' }, 'properties.timeZone'],
    ['a size that is none', { ...nightly, action: 'Scale', sku: { name: 'Huge', tier: 'Burstable' } }, 'sku.name'],
  ])('is refused with %s', async (_, properties, target) => {
    const answer = await put('night', properties);
    expect([answer.status, answer.body.error.target]).toEqual([400, target]);
  });
});
