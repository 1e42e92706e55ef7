import { expect, it } from 'vitest';
import { processIdentity } from '../mysql/adoption.ts';
import { createTestCloud, newServer, TEST_GROUP, TEST_SERVER } from '../resources/conformance-world.ts';
import { readPrimary, setProcess } from '../store/instances.ts';
import { listHealth } from '../store/server-health.ts';
import { findServerByName, updateServer } from '../store/servers.ts';
import { serverHealthReconciler } from './server-health.ts';

it('tells why the standby cannot take over, and what more is known of it later, as one trouble', async () => {
  let now = Date.parse('2026-11-23T11:00:00Z');
  const cloud = createTestCloud({ now: () => now });
  await cloud.call('PUT', TEST_GROUP, { body: { location: 'westeurope' } });
  await cloud.call('PUT', TEST_SERVER, { body: newServer({}) });
  await cloud.settle();
  const { world } = cloud.resources.control;
  const { id } = findServerByName(world.database, 'srv1')!;
  // Some process that lives.
  setProcess(world.database, readPrimary(world.database, id).id, processIdentity(process.pid));
  const reconciler = serverHealthReconciler(world);
  const look = async (change: Parameters<typeof updateServer>[2]) => {
    now += 1_000;
    updateServer(world.database, id, { front: 'open', ...change });
    await reconciler.tick();
    return listHealth(world.database, id);
  };
  await look({ haState: 'Healthy', haReason: null });
  const [first, ...before] = await look({ haState: 'CreatingStandby', haReason: 'Its disk is full.' });
  expect(first).toMatchObject({ state: 'Degraded', summary: 'Its disk is full.' });
  const [second, ...others] = await look({ haState: 'CreatingStandby', haReason: 'It does not start.' });
  expect(second).toEqual({ ...first, summary: 'It does not start.' });
  expect(others).toEqual(before);
  const [waiting] = await look({ haState: 'Healthy', haReason: 'Both disks are full.' });
  expect(waiting).toMatchObject({ state: 'Degraded', title: 'Writers wait', summary: 'Both disks are full.' });
});
