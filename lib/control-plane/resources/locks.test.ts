import { describe, expect, it } from 'vitest';
import { createTestCloud, TEST_GROUP, TEST_SERVER, TEST_SUBSCRIPTION, withServer } from './conformance-world.ts';

const SUBSCRIPTION = `/subscriptions/${TEST_SUBSCRIPTION}`;
const lockOn = (scope: string, name: string) => `${scope}/providers/Microsoft.Authorization/locks/${name}`;
const listOn = (scope: string) => `${scope}/providers/Microsoft.Authorization/locks`;

async function cloudWithLocks() {
  const cloud = await withServer(createTestCloud());
  const put = (scope: string, name: string, properties: object) =>
    cloud.call('PUT', lockOn(scope, name), { body: { properties } });
  await put(SUBSCRIPTION, 'all', { level: 'CanNotDelete' });
  await put(TEST_GROUP, 'group', { level: 'ReadOnly', notes: 'until Monday' });
  await put(TEST_SERVER, 'server', { level: 'CanNotDelete' });
  await put(`${TEST_SERVER}/databases/shop`, 'database', { level: 'CanNotDelete' });
  return { cloud, put };
}

describe('locks', () => {
  it('are made, read, changed and deleted', async () => {
    const { cloud, put } = await cloudWithLocks();
    const id = lockOn(TEST_SERVER, 'server');
    const lock = {
      id,
      name: 'server',
      type: 'Microsoft.Authorization/locks',
      properties: { level: 'ReadOnly', notes: 'why', owners: [{ applicationId: 'app' }] },
    };
    const changed = await put(TEST_SERVER.replace('rg1', 'RG1'), 'SERVER', lock.properties);
    expect([changed.status, changed.body]).toEqual([200, lock]);
    expect((await cloud.call('GET', id)).body).toEqual(lock);
    expect((await cloud.call('DELETE', id)).status).toBe(200);
    expect((await cloud.call('DELETE', id)).status).toBe(204);
    expect((await cloud.call('GET', id)).body.error.code).toBe('LockNotFound');
    expect((await put(TEST_SERVER, 'server', { level: 'CanNotDelete' })).status).toBe(201);
  });

  it.each<[string, string[], string[]]>([
    [SUBSCRIPTION, ['all', 'group', 'server', 'database'], ['all']],
    [TEST_GROUP, ['all', 'group', 'server', 'database'], ['all', 'group']],
    [TEST_SERVER, ['all', 'group', 'server', 'database'], ['all', 'group', 'server']],
  ])('of %s are listed with those above and below', async (scope, everywhere, atScope) => {
    const { cloud } = await cloudWithLocks();
    const names = async (query: Record<string, string>) =>
      (await cloud.call('GET', listOn(scope), { query })).body.value.map(({ name }: { name: string }) => name);
    expect(await names({})).toEqual(everywhere);
    expect(await names({ $filter: 'atScope()' })).toEqual(atScope);
  });

  it('are written down in the activity log, those on a subscription too', async () => {
    const { cloud } = await cloudWithLocks();
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const { body } = await cloud.call(
      'GET',
      `${SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values`,
      {
        query: { $filter: `eventTimestamp ge '${since}'` },
      },
    );
    const events = body.value.filter(
      (event: { operationName: { value: string } }) =>
        event.operationName.value === 'Microsoft.Authorization/locks/write',
    );
    expect(events).toHaveLength(4);
    expect(new Set(events.map((event: { resourceType: { value: string } }) => event.resourceType.value))).toEqual(
      new Set(['Microsoft.Authorization/locks']),
    );
  });

  it.each<[string, string, object | undefined, number, string]>([
    ['no level', lockOn(TEST_SERVER, 'a'), { properties: {} }, 400, 'InvalidParameterValue'],
    [
      'another level',
      lockOn(TEST_SERVER, 'a'),
      { properties: { level: 'NotSpecified' } },
      400,
      'InvalidParameterValue',
    ],
    [
      'a name with a colon',
      lockOn(TEST_SERVER, 'a:b'),
      { properties: { level: 'ReadOnly' } },
      400,
      'InvalidParameterValue',
    ],
    [
      'long notes',
      lockOn(TEST_SERVER, 'a'),
      { properties: { level: 'ReadOnly', notes: 'x'.repeat(513) } },
      400,
      'InvalidParameterValue',
    ],
    [
      'a server that is not there',
      lockOn(`${TEST_SERVER}x`, 'a'),
      { properties: { level: 'ReadOnly' } },
      404,
      'ResourceNotFound',
    ],
    [
      'a group that is not there',
      lockOn(`${TEST_GROUP}x`, 'a'),
      { properties: { level: 'ReadOnly' } },
      404,
      'ResourceGroupNotFound',
    ],
    [
      'something else',
      lockOn(`${TEST_GROUP}/providers/Microsoft.Web/sites/a`, 'a'),
      { properties: { level: 'ReadOnly' } },
      400,
      'InvalidParameterValue',
    ],
  ])('are refused with %s', async (_, path, body, status, code) => {
    const cloud = await withServer(createTestCloud());
    const answer = await cloud.call('PUT', path, { body });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
  });
});
