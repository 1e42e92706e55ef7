import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { homePaths } from '../home.ts';
import { processIdentity } from '../mysql/adoption.ts';
import { instancePaths } from '../mysql/instance.ts';
import { mysqlInstance, type Control } from '../operations/world.ts';
import type { ServerState } from '../../rules/server-actions.ts';
import { createTestCloud, newServer, TEST_GROUP } from '../resources/conformance-world.ts';
import { findPrimary, findStandby, insertInstance, setDesired, setProcess, setRestarts } from '../store/instances.ts';
import { findServerByName, readServer, updateServer, type HaState } from '../store/servers.ts';
import { highAvailabilityReconciler, REBUILD_POLICY } from './high-availability.ts';

const NOW = Date.parse('2026-11-23T11:00:00Z');
/** No process ever had it. */
const DEAD = { pid: 2 ** 22 + 1, startedAt: `${processIdentity(process.pid)!.startedAt.split('/')[0]}/1` };
/** One that lives, and is no mysqld. */
const ALIVE = processIdentity(process.pid)!;

async function cloudWith(...names: string[]) {
  const cloud = createTestCloud({ now: () => NOW });
  const home = mkdtempSync(join(tmpdir(), 'fd-ha-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const { control } = cloud.resources;
  Object.assign(control.world, { paths: homePaths(home) });
  await cloud.call('PUT', TEST_GROUP, { body: { location: 'westeurope' } });
  for (const name of names) {
    const path = `${TEST_GROUP}/providers/Microsoft.DBforMySQL/flexibleServers/${name}`;
    await cloud.call('PUT', path, { body: newServer() });
  }
  await cloud.settle();
  const reconciler = highAvailabilityReconciler(control, 'tenant');
  return { cloud, control, reconciler };
}

/** A pair whose processes are these. */
function pair(
  { world: { database } }: Control,
  name: string,
  haState: HaState,
  processes: { primary: typeof ALIVE; standby: typeof ALIVE },
  state: ServerState = 'Ready',
) {
  const { id } = findServerByName(database, name)!;
  const standbyId = `standby-of-${name}`;
  insertInstance(database, { id: standbyId, serverId: id, role: 'standby', zone: '2', runtimeId: 'test-9.7' }, NOW);
  const primary = findPrimary(database, id)!;
  for (const [row, process] of [
    [primary.id, processes.primary],
    [standbyId, processes.standby],
  ] as const) {
    setDesired(database, row, 'running');
    setProcess(database, row, process);
  }
  updateServer(database, id, { haState, haReason: null, haSince: NOW, state });
  return { id, primary, standbyId };
}

const kindsOf = ({ world: { database } }: Control) =>
  (database.prepare('SELECT kind FROM operations ORDER BY sequence').all() as { kind: string }[])
    .map(({ kind }) => kind)
    .filter((kind) => kind !== 'create-server');

test('a server that hangs keeps no other from failing over', async () => {
  const { control, reconciler } = await cloudWith('hung', 'other');
  const { database } = control.world;
  const hung = pair(control, 'hung', 'Healthy', { primary: ALIVE, standby: DEAD });
  // It takes connections, and never says a word: writers cannot be released.
  const { socket } = instancePaths(mysqlInstance(control.world, hung.primary));
  mkdirSync(dirname(socket), { recursive: true });
  const silent = createServer(() => {}).listen(socket);
  await once(silent, 'listening');
  onTestFinished(() => void silent.close());

  await reconciler.tick();
  expect(readServer(database, hung.id).haState).toBe('CreatingStandby');
  pair(control, 'other', 'Healthy', { primary: DEAD, standby: ALIVE });
  await reconciler.tick();
  expect(kindsOf(control)).toEqual(['failover-server']);
});

test('a standby is brought back though the clock was set back since it was last tried', async () => {
  const { control, reconciler } = await cloudWith('orders');
  const { standbyId, primary } = pair(control, 'orders', 'CreatingStandby', { primary: ALIVE, standby: DEAD });
  const { database } = control.world;
  const hour = 60 * 60_000;
  setRestarts(
    database,
    standbyId,
    Array.from({ length: REBUILD_POLICY.most }, () => NOW + hour),
  );
  expect(primary.role).toBe('primary');
  await reconciler.tick();
  expect(kindsOf(control)).toEqual(['rebuild-standby']);
});

test('nothing is told of a server that is being deleted, whose standby ends', async () => {
  const { control, reconciler } = await cloudWith('orders');
  const { id } = pair(control, 'orders', 'Healthy', { primary: ALIVE, standby: DEAD }, 'Dropping');
  await reconciler.tick();
  expect(readServer(control.world.database, id).haState).toBe('Healthy');
  expect(findStandby(control.world.database, id)).toBeDefined();
});
