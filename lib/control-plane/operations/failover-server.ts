import { setTimeout as delay } from 'node:timers/promises';
import { ArmError } from '../../arm/error.ts';
import { recordHaEvent } from '../ha/transition.ts';
import { killMysqld } from '../mysql/process.ts';
import { countLongWrites, readExecuted, readReplication, waitUntilExecuted } from '../mysql/replication.ts';
import { endFailover, findFailover, setFailoverReason, setWritesStopped } from '../store/failovers.ts';
import { setDesired } from '../store/instances.ts';
import { updateServer } from '../store/servers.ts';
import { ensureBinaryLogRead, stopBinaryLogServer } from './binary-log-steps.ts';
import type { OperationDefinition } from './definition.ts';
import { closeConnections, keepConnection } from './failover-connections.ts';
import { isPlanned, notHealthy, sides, type FailoverInput } from './failover-state.ts';
import {
  comparePending,
  drainPrimary,
  forgetFormerSource,
  logAndGoOn,
  restoreFormerEvents,
  switchClients,
  undrainPrimary,
} from './failover-steps.ts';
import { ensureMysqldStopped, findMysqld, isDying } from './mysqld.ts';
import {
  inWords,
  isBeforePromotion,
  noteBeforePromotion,
  promoteStandby,
  tooFarBehind,
  tooSlow,
} from './promote-standby.ts';
import { refuseUnlessAllowed, serverIdOf, serverOf, setFront, withInstance } from './server-steps.ts';
import { requireFollowing } from './standby-steps.ts';
import type { World } from './world.ts';

/** How long a standby may need to come close behind: what it takes to execute the rest is added to the stall. */
const CLOSE_MS = 60_000;
/** How long statements that take long are waited for, before anybody waits for the failover. */
const LONG_WRITES_MS = 30_000;
const LOOK_EVERY_MS = 250;

/** The standby takes over. Begun by people (planned, forced), or by the high availability reconciler (automatic). */
export const failoverServer: OperationDefinition<World, FailoverInput> = {
  armName: 'FailoverServerManagementOperation',
  title: 'Failover server',
  action: 'Microsoft.DBforMySQL/flexibleServers/failover/action',
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'undo',
  check({ database }, operation) {
    if ((operation.input as FailoverInput).readsBinaryLog) return;
    const server = refuseUnlessAllowed(database, operation, 'failover');
    if (server.haState === 'Healthy') return;
    throw new ArmError('HighAvailabilityNotHealthy', 409, notHealthy(server.haState, server.haReason), {
      target: operation.resourceId,
    });
  },
  steps: [
    {
      name: 'standbyClose',
      stage: 'Waiting until the standby is close behind',
      needed: isPlanned,
      async ensure(context) {
        const { world, signal } = context;
        const { from, to } = sides(context);
        try {
          // What takes long takes the standby as long again, and whoever waits for either would wait as well.
          const end = performance.now() + LONG_WRITES_MS;
          while ((await withInstance(world, from, countLongWrites)) > 0 && performance.now() < end) {
            await withInstance(world, to, requireFollowing);
            await delay(LOOK_EVERY_MS, undefined, { signal });
          }
          const executed = await withInstance(world, from, readExecuted);
          const close = await withInstance(world, to, (it) => waitUntilExecuted(it, executed, CLOSE_MS));
          if (!close) throw tooFarBehind(CLOSE_MS);
        } catch (failure) {
          // A primary that died meanwhile is taken over from all the more.
          if ((await isDying(world, from)) && findMysqld(world, to)) return;
          throw inWords(failure, 'One of the two sides ended or did not answer. Nothing was changed.');
        }
      },
    },
    {
      name: 'primaryDrained',
      stage: 'Letting the primary finish its writes',
      needed: isPlanned,
      ensure: drainPrimary,
      undo: undrainPrimary,
    },
    {
      // As long as nothing has happened yet, to call it off costs nothing.
      name: 'standbyInTime',
      stage: 'Asking how far the standby is behind',
      needed: ({ input }) => input.maxSeconds !== undefined,
      async ensure(context) {
        const timeoutMs = context.input.maxSeconds! * 1000;
        const inTime = await withInstance(context.world, sides(context).to, async (standby) =>
          waitUntilExecuted(standby, (await readReplication(standby)).received, timeoutMs),
        );
        if (!inTime) throw tooSlow(context.input.maxSeconds!, 'Nothing was changed.');
      },
    },
    {
      name: 'primaryFenced',
      stage: 'Fencing the old primary',
      needed: (context) => !isPlanned(context),
      async ensure(context) {
        const { world, input, operation } = context;
        const { from, to } = sides(context);
        noteBeforePromotion(context);
        // Each write to the store waits for the disk, and clients wait for each.
        const cut = setFront(context, 'switching', {
          alongside() {
            setDesired(world.database, from.id, 'stopped');
            setWritesStopped(world.database, operation.id, input.writesStoppedAt ?? world.clock.now());
          },
        });
        const running = findMysqld(world, from);
        // One that is to read the binary log is started again for that.
        const isReady = !input.readsBinaryLog && findMysqld(world, to);
        const ready = isReady ? keepConnection(context, to).catch(() => {}) : undefined;
        if (running) await killMysqld(running);
        await ready;
        await cut.catch(logAndGoOn(context));
      },
    },
    {
      name: 'binaryLogRead',
      stage: 'Reading the former primary’s binary log',
      needed: ({ input }) => input.readsBinaryLog === true,
      async ensure(context) {
        const { database } = context.world;
        const extra = await ensureBinaryLogRead(context, sides(context).from, sides(context).to);
        if (extra > 0) setFailoverReason(database, context.operation.id, withExtra(context.input.reason, extra));
      },
      undo: (context) => stopBinaryLogServer(context, sides(context).from),
    },
    {
      name: 'standbyPromoted',
      stage: 'Promoting the standby',
      ensure: promoteStandby,
      // It may have become writable: only a dead one is no second primary.
      undo(context) {
        closeConnections(context);
        if (isBeforePromotion(context)) return;
        return ensureMysqldStopped(context.world, sides(context).to, 'kill');
      },
    },
    { name: 'clientsSwitched', stage: 'Leading clients to the new primary', perishable: true, ensure: switchClients },
    { name: 'sourceForgotten', stage: 'Forgetting the former primary', ensure: forgetFormerSource },
    { name: 'eventsRestored', stage: 'Enabling events', ensure: restoreFormerEvents },
    { name: 'pendingCompared', stage: 'Comparing server parameters', ensure: comparePending },
  ],
  succeeded(context) {
    updateServer(context.world.database, serverIdOf(context), { state: 'Ready', stateReason: null });
  },
  failed(context, error) {
    const { world, input, operation } = context;
    const { database, clock } = world;
    const id = serverIdOf(context);
    const at = clock.now();
    endFailover(database, operation.id, { status: 'Failed', at, downtimeMs: null });
    const reason = `The last failover failed: ${error.message}`;
    if (serverOf(context).haState === 'FailingOver') recordHaEvent(database, id, { when: 'NotPromoted', reason, at });
    if (input.readsBinaryLog) {
      const stateReason = `${input.reason} The standby could not take over either: ${error.message}`;
      return updateServer(database, id, { state: 'Disabled', stateReason, front: 'closed' });
    }
    // Whoever finds the old primary dead starts it again, on its data.
    setDesired(database, input.from, 'running');
    updateServer(database, id, { state: 'Ready', stateReason: reason, front: 'open' });
  },
  story({ world: { database }, operation }) {
    const failover = findFailover(database, operation.id);
    if (!failover || failover.downtimeMs === null) return undefined;
    const { kind, fromZone, toZone, reason, downtimeMs } = failover;
    const how = { planned: 'Planned failover', forced: 'Forced failover', automatic: 'Automatic failover' }[kind];
    return `${how} from zone ${fromZone} to zone ${toZone}. ${reason} Writes waited for ${Math.round(downtimeMs)} ms.`;
  },
};

function withExtra(reason: string, extra: number): string {
  const have = extra === 1 ? 'one transaction' : `${extra} transactions`;
  return `${reason} The standby also has ${have} that the former primary’s binary log does not have.`;
}
