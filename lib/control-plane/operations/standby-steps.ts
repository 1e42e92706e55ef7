import { setTimeout as delay } from 'node:timers/promises';
import { findRegion } from '../../rules/regions.ts';
import { recordHaEvent } from '../ha/transition.ts';
import type { Connection } from '../mysql/client.ts';
import {
  countAcknowledging,
  ensureFollows,
  readExecuted,
  readReplication,
  relaxDurability,
  setAcknowledgement,
  waitUntilExecuted,
} from '../mysql/replication.ts';
import { transaction } from '../store/database.ts';
import { findStandby, insertInstance } from '../store/instances.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationContext } from './definition.ts';
import { primaryOf, serverIdOf, serverOf, withInstance, withServer, type ServerStep } from './server-steps.ts';
import { beginAnew, ensureStandbyHasData, ensureStandbyRuns, failedBefore, loosenStandby } from './standby-data.ts';
import { removeStandby } from './standby-leaves.ts';
import { haIntent, standbyOf } from './standby-state.ts';
import { mysqlInstance, type World } from './world.ts';
import { isZoneLost } from './zones.ts';

type Context = OperationContext<World>;

/** The gateway's private listeners; Azure's custom ports of servers end below. */
const REPLICATION_PORTS = Array.from({ length: 1000 }, (_, index) => 26_001 + index);
const LOOK_EVERY_MS = 50;
/** The standby is close enough for writers to wait for it when it executes all that there is within this time. */
const CLOSE_MS = 200;
const CATCH_UP_MS = 30 * 60_000;
const ACKNOWLEDGING_MS = 15_000;

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
      await loosenStandby(context);
      try {
        await ensureStandbyRuns(context);
      } catch (failure) {
        context.signal.throwIfAborted();
        context.log.warn({ err: failure, operation: context.operation.id }, 'the standby is made anew');
        // What does not start once may start at another time.
        await beginAnew(context, failedBefore(context) === 0);
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
    const others =
      findRegion(server.location)?.zones.filter(
        (zone) => zone !== primary.zone && !isZoneLost(database, server, zone),
      ) ?? [];
    const zone = mode === 'SameZone' ? primary.zone : standbyAvailabilityZone || others[0] || primary.zone;
    const { runtimeId } = primary;
    insertInstance(database, { id: world.newId(), serverId: server.id, role: 'standby', zone, runtimeId }, clock.now());
    const highAvailability = { ...haIntent(server.intent), standbyAvailabilityZone: zone };
    const { properties, ...rest } = server.intent;
    updateServer(database, server.id, { intent: { ...rest, properties: { ...properties, highAvailability } } });
  });
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

/** Writers wait for it, it has all that the primary has, and nothing that the primary does not have. */
async function waitForAcknowledging(primary: Connection, standby: Connection): Promise<void> {
  const end = Date.now() + ACKNOWLEDGING_MS;
  for (;;) {
    await requireFollowing(standby);
    const acknowledges = (await countAcknowledging(primary)) > 0;
    if (acknowledges && (await waitUntilExecuted(standby, await readExecuted(primary), CLOSE_MS))) {
      // What the standby has executed is acknowledged, and about to be committed on the primary.
      if (await waitUntilExecuted(primary, await readExecuted(standby), CLOSE_MS)) return;
      if (Date.now() > end) throw new Error('The standby has transactions that the primary does not have.');
    }
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
