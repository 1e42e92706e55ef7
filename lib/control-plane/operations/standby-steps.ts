import { setTimeout as delay } from 'node:timers/promises';
import { findRegion } from '../../rules/regions.ts';
import { recordHaEvent } from '../ha/transition.ts';
import { keepLogs } from '../logs/log-files.ts';
import { isAlive, type ProcessIdentity } from '../mysql/adoption.ts';
import { ensureReplicationCertificate } from '../mysql/certificates.ts';
import { rows, type Connection } from '../mysql/client.ts';
import { ensureDataDirectory, removeInstance } from '../mysql/data-directory.ts';
import {
  cloneFrom,
  countAcknowledging,
  ensureFollows,
  ensureReplicationAccount,
  isSubset,
  readExecuted,
  readReplication,
  relaxDurability,
  setAcknowledgement,
  waitUntilExecuted,
} from '../mysql/replication.ts';
import { transaction } from '../store/database.ts';
import { deleteInstance, findStandby, insertInstance, setRestarts, type InstanceRow } from '../store/instances.ts';
import { updateServer, type ServerIntent } from '../store/servers.ts';
import type { OperationContext } from './definition.ts';
import { ensureMysqldRuns, ensureMysqldStopped, findMysqld } from './mysqld.ts';
import { logPlace } from './server-logs.ts';
import {
  ensureCertificate,
  primaryOf,
  serverIdOf,
  serverOf,
  withInstance,
  withServer,
  type ServerStep,
} from './server-steps.ts';
import { mysqlInstance, runtimeOf, type World } from './world.ts';

type Context = OperationContext<World>;

/** The gateway's private listeners; Azure's custom ports of servers end below. */
const REPLICATION_PORTS = Array.from({ length: 1000 }, (_, index) => 26_001 + index);
const CLONE_END_MS = 120_000;
const LOOK_EVERY_MS = 50;
/** The standby is close enough for writers to wait for it when it executes all that there is within this time. */
const CLOSE_MS = 200;
const CATCH_UP_MS = 30 * 60_000;
const ACKNOWLEDGING_MS = 15_000;

interface HighAvailabilityIntent {
  mode: string;
  standbyAvailabilityZone?: string;
}

export function haIntent(intent: ServerIntent): HighAvailabilityIntent {
  return (intent.properties.highAvailability as HighAvailabilityIntent | undefined) ?? { mode: 'Disabled' };
}

export function wantsStandby(intent: ServerIntent): boolean {
  return haIntent(intent).mode !== 'Disabled';
}

/** @throws {Error} when the server has none. */
export function standbyOf(context: Pick<Context, 'operation' | 'world'>): InstanceRow {
  const standby = findStandby(context.world.database, serverIdOf(context));
  if (!standby) throw new Error('The server has no standby.');
  return standby;
}

/** A standby in that state of the table, whatever was there before: made, or joined again, or made anew. */
export const standbySteps: readonly ServerStep[] = [
  { name: 'standbyPlanned', stage: 'Choosing the standby’s place', ensure: planStandby, undo: removeStandby },
  {
    name: 'replicationListens',
    stage: 'Opening the way for replication',
    perishable: true,
    async ensure(context) {
      const { id, address, replicationPort } = serverOf(context);
      const statuses = await context.world.fronts.push();
      const front = statuses.find((found) => found.serverId === id && found.port === replicationPort);
      if (front?.listening) return;
      throw new Error(
        `The gateway cannot listen on ${address}:${replicationPort}: ${front?.listenError ?? 'unknown'}.`,
      );
    },
  },
  {
    name: 'standbyRuns',
    stage: 'Starting the standby',
    perishable: true,
    async ensure(context) {
      try {
        await ensureStandbyRuns(context);
      } catch (failure) {
        context.signal.throwIfAborted();
        // It holds nothing that the primary does not: what does not start is made anew.
        context.log.warn({ err: failure, operation: context.operation.id }, 'the standby is made anew');
        await discardStandbyData(context);
        await ensureStandbyRuns(context);
      }
    },
  },
  { name: 'standbyHasData', stage: 'Copying the data to the standby', perishable: true, ensure: ensureStandbyHasData },
  {
    name: 'standbyFollows',
    stage: 'Starting replication',
    perishable: true,
    async ensure(context) {
      const standby = standbyOf(context);
      const { address, replicationPort } = serverOf(context);
      await withInstance(context.world, standby, async (connection) => {
        await relaxDurability(connection);
        const source = { address, port: replicationPort! };
        await ensureFollows(connection, mysqlInstance(context.world, standby), source);
      });
    },
  },
  { name: 'standbyCaughtUp', stage: 'Catching up with the primary', perishable: true, ensure: ensureCaughtUp },
];

async function planStandby(context: Context): Promise<void> {
  const { world } = context;
  const { database, clock } = world;
  const server = serverOf(context);
  const replicationPort = server.replicationPort ?? (await world.freePort(server.address, REPLICATION_PORTS));
  const primary = primaryOf(context);
  transaction(database, () => {
    updateServer(database, server.id, { replicationPort });
    if (server.haState === 'NotEnabled') {
      const reason = 'The standby is being made.';
      recordHaEvent(database, server.id, { when: 'StandbyWanted', reason, at: clock.now() });
    }
    if (findStandby(database, server.id)) return;
    const { mode, standbyAvailabilityZone } = haIntent(server.intent);
    const others = findRegion(server.location)?.zones.filter((zone) => zone !== primary.zone) ?? [];
    const zone = mode === 'SameZone' ? primary.zone : standbyAvailabilityZone || others[0] || primary.zone;
    const { runtimeId } = primary;
    insertInstance(database, { id: world.newId(), serverId: server.id, role: 'standby', zone, runtimeId }, clock.now());
    const highAvailability = { ...haIntent(server.intent), standbyAvailabilityZone: zone };
    const { properties, ...rest } = server.intent;
    updateServer(database, server.id, { intent: { ...rest, properties: { ...properties, highAvailability } } });
  });
}

async function ensureStandbyRuns(context: Context): Promise<void> {
  const { world } = context;
  const standby = standbyOf(context);
  const instance = mysqlInstance(world, standby);
  await ensureDataDirectory(instance, await world.template(runtimeOf(world, standby.runtimeId)));
  await ensureCertificate(context, standby);
  await ensureReplicationCertificate(world.certificateAuthority, instance);
  await ensureMysqldRuns(world, standby);
}

async function discardStandbyData(context: Context): Promise<void> {
  const standby = standbyOf(context);
  await ensureMysqldStopped(context.world, standby, 'kill');
  await removeInstance(mysqlInstance(context.world, standby));
}

/** It has data that it can go on from: its own, where the primary has all of that and the rest as well, or a clone. */
async function ensureStandbyHasData(context: Context): Promise<void> {
  const { world } = context;
  await withServer(context, ensureReplicationAccount);
  const executed = await withInstance(world, standbyOf(context), readExecuted);
  if (executed !== '' && (await canRejoin(context, executed))) return;
  if (executed !== '') {
    await discardStandbyData(context);
    await ensureStandbyRuns(context);
  }
  await cloneStandby(context);
}

/** Extra transactions, as killed primaries often have, or ones that the primary's binary log does not reach back to: no. */
async function canRejoin(context: Context, executed: string): Promise<boolean> {
  return withServer(context, async (connection) => {
    const [primary] = await rows<{ executed: string; purged: string }>(
      connection,
      'SELECT @@GLOBAL.gtid_executed AS executed, @@GLOBAL.gtid_purged AS purged',
    );
    return (
      (await isSubset(connection, executed, primary!.executed)) &&
      (await isSubset(connection, primary!.purged, executed))
    );
  });
}

async function cloneStandby(context: Context): Promise<void> {
  const { world, signal } = context;
  const standby = standbyOf(context);
  const instance = mysqlInstance(world, standby);
  const before = findMysqld(world, standby);
  const { address, replicationPort } = serverOf(context);
  const source = { address, port: replicationPort! };
  // A clone under way cannot be told to stop: its process can.
  const stop = () => void ensureMysqldStopped(world, standby, 'kill');
  signal.addEventListener('abort', stop);
  try {
    await withInstance(world, standby, async (connection) => {
      // A clone counts as a write. It stays read-only for everybody but the control plane.
      await connection.query('SET GLOBAL super_read_only = OFF');
      await cloneFrom(connection, instance, source);
    });
    signal.throwIfAborted();
    if (before) await waitUntilEnded(before);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  await ensureMysqldRuns(world, standby);
  if ((await withInstance(world, standby, readExecuted)) === '') throw new Error('The clone of the primary is empty.');
}

async function waitUntilEnded(process: ProcessIdentity): Promise<void> {
  const end = Date.now() + CLONE_END_MS;
  while (isAlive(process)) {
    if (Date.now() > end) throw new Error('The standby did not end after it was cloned.');
    await delay(LOOK_EVERY_MS);
  }
}

/**
 * The standby is close behind, writers wait for it, and it has executed all that was written before they did: from here
 * on it may be promoted.
 */
async function ensureCaughtUp(context: Context): Promise<void> {
  const { world, signal } = context;
  const { database, clock } = world;
  const standby = standbyOf(context);
  if (serverOf(context).haState === 'Healthy') return;
  await withServer(context, (primary) =>
    withInstance(world, standby, async (connection) => {
      const end = Date.now() + CATCH_UP_MS;
      while (!(await waitUntilExecuted(connection, await readExecuted(primary), CLOSE_MS))) {
        signal.throwIfAborted();
        await requireFollowing(connection);
        if (Date.now() > end) throw new Error('The standby does not catch up with the primary.');
      }
      signal.throwIfAborted();
      await setAcknowledgement(primary, 'ON');
      try {
        await waitForAcknowledging(primary, connection);
        recordHaEvent(database, serverIdOf(context), { when: 'StandbyCaughtUp', reason: null, at: clock.now() });
      } catch (failure) {
        await setAcknowledgement(primary, 'OFF');
        throw failure;
      }
    }),
  );
}

async function waitForAcknowledging(primary: Connection, standby: Connection): Promise<void> {
  const end = Date.now() + ACKNOWLEDGING_MS;
  for (;;) {
    await requireFollowing(standby);
    if (
      (await countAcknowledging(primary)) > 0 &&
      (await waitUntilExecuted(standby, await readExecuted(primary), CLOSE_MS))
    )
      return;
    if (Date.now() > end) throw new Error('The standby does not acknowledge what it receives.');
    await delay(LOOK_EVERY_MS);
  }
}

/** @throws {Error} when it will not get any further by itself. */
export async function requireFollowing(standby: Connection): Promise<void> {
  const { applier, receiver, error } = await readReplication(standby);
  if (applier === 'ON' && receiver !== 'OFF') return;
  throw new Error(`Replication to the standby stopped: ${error ?? 'MySQL does not say why'}.`);
}

/** Writers do not wait for it any more, and it stops; the high availability reconciler brings it back. */
export async function letStandbyGo(context: Pick<Context, 'operation' | 'world'>, reason: string): Promise<void> {
  const { world } = context;
  const { database, clock } = world;
  const { id, haState } = serverOf(context);
  if (haState === 'Healthy') recordHaEvent(database, id, { when: 'StandbyLost', reason, at: clock.now() });
  await withServer(context, (connection) => setAcknowledgement(connection, 'OFF'));
  await ensureMysqldStopped(world, standbyOf(context), 'clean');
}

/** The standby stops with its server; both are complete. */
export const standbyRests: ServerStep = {
  name: 'standbyRests',
  stage: 'Stopping the standby',
  needed: (context) => findStandby(context.world.database, serverIdOf(context)) !== undefined,
  async ensure(context) {
    const { world } = context;
    const { database, clock } = world;
    const { id, haState } = serverOf(context);
    if (haState !== 'Resting') recordHaEvent(database, id, { when: 'ServerStopped', reason: null, at: clock.now() });
    if (findMysqld(world, primaryOf(context))) {
      await withServer(context, (connection) => setAcknowledgement(connection, 'OFF'));
    }
    await ensureMysqldStopped(world, standbyOf(context), 'clean');
  },
  undo: wakeStandby,
};

/** In the transaction that ends a start: the high availability reconciler sees to the rest. */
export function wakeStandby(context: Pick<Context, 'operation' | 'world'>): void {
  const { database, clock } = context.world;
  const { id, haState } = serverOf(context);
  if (haState !== 'Resting') return;
  const reason = 'The server was started: its standby is joining again.';
  recordHaEvent(database, id, { when: 'ServerStarted', reason, at: clock.now() });
  const standby = findStandby(database, id);
  if (standby) setRestarts(database, standby.id, []);
}

export const standbyRemoved: ServerStep = {
  name: 'standbyRemoved',
  stage: 'Removing the standby',
  ensure: removeStandby,
};

/** No standby, nobody waits for one, and nothing of it is left on disk. */
export async function removeStandby(context: Pick<Context, 'operation' | 'world'>): Promise<void> {
  const { world } = context;
  const { database, clock } = world;
  const server = serverOf(context);
  if (server.haState === 'CreatingStandby' || server.haState === 'Healthy') {
    const reason = 'The standby is being removed.';
    recordHaEvent(database, server.id, { when: 'StandbyUnwanted', reason, at: clock.now() });
  }
  if (findMysqld(world, primaryOf(context))) {
    await withServer(context, (connection) => setAcknowledgement(connection, 'OFF'));
  }
  await removeStandbyInstance(context);
  transaction(database, () => {
    if (serverOf(context).haState === 'RemovingStandby') {
      recordHaEvent(database, server.id, { when: 'StandbyRemoved', reason: null, at: clock.now() });
    }
  });
  await world.fronts.push();
}

export async function removeStandbyInstance(context: Pick<Context, 'operation' | 'world'>): Promise<void> {
  const { world } = context;
  const standby = findStandby(world.database, serverIdOf(context));
  if (!standby) return;
  await ensureMysqldStopped(world, standby, 'kill');
  // It may have been the primary for most of its life.
  await keepLogs(logPlace(world, serverOf(context), [standby]));
  await removeInstance(mysqlInstance(world, standby));
  deleteInstance(world.database, standby.id);
}
