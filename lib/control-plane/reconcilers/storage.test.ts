import { beforeEach, describe, expect, it } from 'vitest';
import { createTestCloud, newServer, TEST_GROUP, TEST_SERVER, type TestCloud } from '../resources/conformance-world.ts';
import { findPrimary, insertInstance, setDesired } from '../store/instances.ts';
import { findServerByName } from '../store/servers.ts';
import { storageReconciler } from './storage.ts';

const GIB = 1024 ** 3;
let cloud: TestCloud;
let now: number;
/** GiB by role, and free on the disk. */
let used: { primary: number; standby: number };
let disk: number;
let standbyDisk: number;
let takesWrites: boolean;
let tick: () => Promise<string | undefined>;

async function create(storage: object): Promise<void> {
  cloud = createTestCloud({ now: () => now });
  await cloud.call('PUT', TEST_GROUP, { body: { location: 'westeurope' } });
  await cloud.call('PUT', TEST_SERVER, { body: newServer({ storage }) });
  await cloud.settle();
  const { database } = cloud.resources.control.world;
  const { id } = findServerByName(database, 'srv1')!;
  setDesired(database, findPrimary(database, id)!.id, 'running');
  const reconciler = storageReconciler(cloud.resources.control, 'tenant', {
    used: async ({ role }) => used[role] * GIB,
    diskFree: async ({ role }) => (role === 'primary' ? disk : standbyDisk) * GIB,
    takesWrites: async () => takesWrites,
  });
  tick = async () => {
    now += 61_000;
    const story = await reconciler.tick();
    await cloud.settle();
    return story;
  };
}
const server = async () => (await cloud.call('GET', TEST_SERVER)).body.properties;

beforeEach(() => {
  now = Date.parse('2026-11-23T11:00:00Z');
  used = { primary: 1, standby: 0 };
  disk = 100;
  standbyDisk = 100;
  takesWrites = false;
});

describe('a server of 20 GiB', () => {
  it('takes no writes with less than 1 GiB free, and takes them again once there is more', async () => {
    await create({ storageSizeGB: 20, autoGrow: 'Disabled' });
    expect(await tick()).toBeUndefined();
    used.primary = 19.1;
    expect(await tick()).toBe('srv1 is read-only: its storage is almost full');
    expect(await server()).toMatchObject({ state: 'Ready', stateReason: expect.stringMatching(/read-only/) });
    expect(await tick()).toBeUndefined();
    const body = { properties: { storage: { storageSizeGB: 32 } } };
    await cloud.call('PATCH', TEST_SERVER, { body });
    await cloud.settle();
    expect(await tick()).toBe('srv1 takes writes again');
    expect((await server()).stateReason).toBeUndefined();
  });

  it('is made read-only again when its mysqld, or another one, takes writes', async () => {
    await create({ storageSizeGB: 20, autoGrow: 'Disabled' });
    used.primary = 19.5;
    await tick();
    takesWrites = true;
    expect(await tick()).toMatch(/read-only/);
  });

  it('is looked at though the clock was set back', async () => {
    await create({ storageSizeGB: 20, autoGrow: 'Disabled' });
    expect(await tick()).toBeUndefined();
    used.primary = 19.5;
    now -= 3 * 60 * 60_000;
    expect(await tick()).toMatch(/read-only/);
  });

  function addStandby(): void {
    const { database } = cloud.resources.control.world;
    const { id } = findServerByName(database, 'srv1')!;
    insertInstance(database, { id: 'standby', serverId: id, role: 'standby', zone: '2', runtimeId: 'test-9.7' }, now);
    setDesired(database, 'standby', 'running');
  }

  it('counts the side that has more', async () => {
    await create({ storageSizeGB: 20, autoGrow: 'Disabled' });
    addStandby();
    used.standby = 19.5;
    expect(await tick()).toMatch(/read-only/);
  });

  it('grows in time where it may, and stays writable', async () => {
    await create({ storageSizeGB: 20, autoGrow: 'Enabled' });
    used.primary = 18.1;
    expect(await tick()).toBe('srv1: its storage grows from 20 to 25 GiB');
    expect((await server()).storage).toMatchObject({ storageSizeGB: 25, iops: 375 });
    expect(await tick()).toBeUndefined();
  });

  it('takes no writes when the machine’s own disk is almost full, whatever its storage', async () => {
    await create({ storageSizeGB: 20, autoGrow: 'Enabled' });
    disk = 0.2;
    expect(await tick()).toBe('srv1 is read-only: the disk of this machine is almost full');
    disk = 10;
    expect(await tick()).toBe('srv1 takes writes again');
  });

  it('takes no writes when the disks of both sides are almost full: where one is not, that side goes on', async () => {
    await create({ storageSizeGB: 20, autoGrow: 'Enabled' });
    addStandby();
    disk = 0.1;
    expect(await tick()).toBeUndefined();
    standbyDisk = 0.1;
    expect(await tick()).toMatch(/read-only/);
  });

  it('is let alone while it is stopped', async () => {
    await create({ storageSizeGB: 20, autoGrow: 'Enabled' });
    await cloud.call('POST', `${TEST_SERVER}/stop`);
    await cloud.settle();
    used.primary = 19.9;
    expect(await tick()).toBeUndefined();
  });
});
