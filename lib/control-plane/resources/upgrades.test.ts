import { expect, it } from 'vitest';
import { readPrimary } from '../store/instances.ts';
import { findServerByName, updateServer } from '../store/servers.ts';
import { createTestCloud, newServer, TEST_GROUP, TEST_SERVER, type TestCloud } from './conformance-world.ts';

const LOCAL = `${TEST_SERVER}/providers/Flexdeck.Local`;
const GENERAL_PURPOSE = { name: 'Standard_D2ds_v4', tier: 'GeneralPurpose' };

async function cloudWith(sku: object = GENERAL_PURPOSE, versions = ['10.0', '9.7', '8.4']): Promise<TestCloud> {
  const cloud = createTestCloud({ versions });
  await cloud.call('PUT', TEST_GROUP, { body: { location: 'westeurope' } });
  await cloud.call('PUT', TEST_SERVER, { body: { ...newServer({ version: '9.7' }), sku } });
  await cloud.settle();
  return cloud;
}

const upgrade = (cloud: TestCloud, version = '10.0', more: object = {}) =>
  cloud.call('PATCH', TEST_SERVER, { body: { properties: { version }, ...more } });
const rowOf = (cloud: TestCloud) => findServerByName(cloud.resources.control.world.database, 'srv1')!;

it('upgrades a server to a newer series, and publishes it at the end', async () => {
  const cloud = await cloudWith();
  const answer = await upgrade(cloud);
  expect(answer).toMatchObject({ status: 202, body: { operation: 'UpsertServerManagementOperationV2' } });
  expect((await cloud.call('GET', TEST_SERVER)).body.properties).toMatchObject({ state: 'Updating', version: '9.7' });
  await cloud.settle();
  const { body } = await cloud.call('GET', TEST_SERVER);
  expect(body.properties).toMatchObject({ state: 'Ready', version: '10.0', fullVersion: '10.0.4' });
  const { database, runtimes } = cloud.resources.control.world;
  const { runtimeId } = readPrimary(database, rowOf(cloud).id);
  expect(runtimes.find(({ id }) => id === runtimeId)?.series).toBe('10.0');
  const { value } = (await cloud.call('GET', `${LOCAL}/upgrades`)).body;
  expect(value).toMatchObject([{ properties: { fromVersion: '9.7', toVersion: '10.0', status: 'Succeeded' } }]);
});

it('takes the whole server with another version, as templates send it', async () => {
  const cloud = await cloudWith();
  const { body } = await cloud.call('GET', TEST_SERVER);
  const answer = await cloud.call('PUT', TEST_SERVER, {
    body: {
      ...body,
      properties: { ...body.properties, version: '10.0', administratorLoginPassword: 'An0ther!one' },
    },
  });
  expect(answer.status).toBe(202);
  await cloud.settle();
  expect((await cloud.call('GET', TEST_SERVER)).body.properties.version).toBe('10.0');
  expect(
    JSON.stringify(cloud.resources.control.world.database.prepare('SELECT input FROM operations').all()),
  ).not.toMatch(/authenticationHash/);
});

it.each<[string, Parameters<typeof cloudWith>, [version: string, more?: object], object]>([
  ['an older series', [], ['8.4'], { code: 'PropertyChangeNotAllowed', message: expect.stringMatching(/restore it/) }],
  ['one that is not here', [], ['10.1'], { code: 'ServerVersionNotSupported' }],
  [
    'Burstable',
    [{ name: 'Standard_B1ms', tier: 'Burstable' }],
    ['10.0'],
    { code: 'PropertyChangeNotAllowed', message: expect.stringMatching(/General Purpose/) },
  ],
  [
    'other changes beside it',
    [],
    ['10.0', { sku: { name: 'Standard_D4ds_v4', tier: 'GeneralPurpose' } }],
    { code: 'PropertyChangeNotAllowed', message: expect.stringMatching(/together/) },
  ],
])('refuses %s', async (_, made, asked, error) => {
  const cloud = await cloudWith(...made);
  const { status, body } = await upgrade(cloud, ...asked);
  expect({ status, ...body.error }).toMatchObject({ status: 400, target: 'properties.version', ...error });
});

it('refuses a server that is stopped, or whose standby is not complete', async () => {
  const cloud = await cloudWith();
  const { database } = cloud.resources.control.world;
  updateServer(database, rowOf(cloud).id, { haState: 'CreatingStandby', haReason: 'It is being made.' });
  expect(await upgrade(cloud)).toMatchObject({ status: 409, body: { error: { code: 'HighAvailabilityNotHealthy' } } });
  updateServer(database, rowOf(cloud).id, { haState: 'NotEnabled', state: 'Stopped' });
  expect(await upgrade(cloud)).toMatchObject({ status: 409, body: { error: { code: 'OperationNotAllowed' } } });
});

it('checks beforehand, and keeps what was found', async () => {
  const cloud = await cloudWith();
  const bad = await cloud.call('POST', `${LOCAL}/checkUpgrade`, { body: { version: '8.4' } });
  expect(bad).toMatchObject({ status: 400, body: { error: { code: 'PropertyChangeNotAllowed', target: 'version' } } });
  const answer = await cloud.call('POST', `${LOCAL}/checkUpgrade`, { body: { version: '10.0' } });
  expect(answer.status).toBe(202);
  await cloud.settle();
  const { value } = (await cloud.call('GET', `${LOCAL}/upgradeChecks`)).body;
  expect(value).toMatchObject([
    { properties: { fromVersion: '9.7', toVersion: '10.0', status: 'Passed', checks: [] } },
  ]);
  expect((await cloud.call('GET', TEST_SERVER)).body.properties.state).toBe('Ready');
});

it('restores to the series that the server had at the moment', async () => {
  const cloud = await cloudWith();
  const before = new Date(Date.now() - 60_000).toISOString();
  await upgrade(cloud);
  await cloud.settle();
  const restored = async (name: string, restorePointInTime?: string) => {
    const path = TEST_SERVER.replace('srv1', name);
    const properties = { createMode: 'PointInTimeRestore', sourceServerResourceId: TEST_SERVER, restorePointInTime };
    const { status, body } = await cloud.call('PUT', path, { body: { location: 'westeurope', properties } });
    expect(status, JSON.stringify(body)).toBe(202);
    await cloud.settle();
    return (await cloud.call('GET', path)).body.properties.version;
  };
  expect(await restored('srv2', before)).toBe('9.7');
  expect(await restored('srv3')).toBe('10.0');
});
