import { ArmError } from '../../arm/error.ts';
import { recordHaEvent } from '../ha/transition.ts';
import { readConfigurations } from '../mysql/configurations.ts';
import { readRestingEvents, restoreEvents } from '../mysql/events.ts';
import { killMysqld } from '../mysql/process.ts';
import {
  becomePrimary,
  becomeReadOnly,
  becomeWritable,
  readExecuted,
  readReplication,
  stopReceiving,
  waitUntilExecuted,
} from '../mysql/replication.ts';
import { transaction } from '../store/database.ts';
import {
  endFailover,
  findFailover,
  insertFailover,
  setFailoverReason,
  setWritesStopped,
  type FailoverRow,
} from '../store/failovers.ts';
import {
  listInstances,
  readPrimary,
  setDesired,
  setRestarts,
  swapRoles,
  type InstanceRow,
} from '../store/instances.ts';
import type { OperationRow } from '../store/operations.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { ensureBinaryLogRead, stopBinaryLogServer } from './binary-log-steps.ts';
import { ensureMysqldRuns, ensureMysqldStopped, findMysqld } from './mysqld.ts';
import { serverConfiguration } from './server-configuration.ts';
import { refuseUnlessAllowed, serverIdOf, serverOf, setFront, withInstance, withServer } from './server-steps.ts';
import { haIntent } from './standby-state.ts';
import type { World } from './world.ts';

export interface FailoverInput {
  kind: FailoverRow['kind'];
  /** A sentence for people. */
  reason: string;
  /** The ids of the instances that change places. */
  from: string;
  to: string;
  /** Since when the old primary has taken no writes, where that is known. */
  writesStoppedAt?: number;
  /** How long a forced one may keep writes waiting; it is called off when the standby needs longer. */
  maxSeconds?: number;
  /**
   * The standby was not to take over, since writes went on without it, and the primary cannot be started any more: first
   * the standby reads what is missing from the dead one's binary log.
   */
  readsBinaryLog?: true;
}

type Context = OperationContext<World, FailoverInput>;

/** How far the standby may be behind when writes are stopped: what it takes to execute that is added to the stall. */
const CLOSE_MS = 30_000;
const DRAIN_SECONDS = 2;
const DRAIN_AGAIN_SECONDS = 10;
const EXECUTE_MS = 10_000;
/** A standby that was not far behind a dead primary: nothing else would have let it be Healthy for long. */
const EXECUTE_RECEIVED_MS = 10 * 60_000;

const isPlanned = ({ input }: Pick<Context, 'input'>) => input.kind === 'planned';

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
        const { from, to } = sides(context);
        const executed = await withInstance(context.world, from, readExecuted);
        const close = await withInstance(context.world, to, (it) => waitUntilExecuted(it, executed, CLOSE_MS));
        if (!close) throw new ArmError('StandbyTooFarBehind', 409, 'The standby is too far behind. Try again later.');
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
        const { from } = sides(context);
        // Each write to the store waits for the disk, and clients wait for each.
        const cut = setFront(context, 'switching', {
          alongside() {
            setDesired(world.database, from.id, 'stopped');
            setWritesStopped(world.database, operation.id, input.writesStoppedAt ?? world.clock.now());
          },
        });
        const running = findMysqld(world, from);
        if (running) await killMysqld(running);
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
      undo: (context) => ensureMysqldStopped(context.world, sides(context).to, 'kill'),
    },
    { name: 'clientsSwitched', stage: 'Leading clients to the new primary', perishable: true, ensure: switchClients },
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

export function notHealthy(state: string, reason: string | null): string {
  if (state === 'NotEnabled') return 'The server has no high availability. Enable it first.';
  return `The standby cannot take over yet: high availability is ${state}. ${reason ?? 'Wait until it is Healthy.'}`;
}

function withExtra(reason: string, extra: number): string {
  const have = extra === 1 ? 'one transaction' : `${extra} transactions`;
  return `${reason} The standby also has ${have} that nobody was told of as committed.`;
}

/** In the transaction that begins it. */
export function recordFailover(world: World, { id, serverId, input, startedAt }: OperationRow): void {
  const { database } = world;
  const { kind, reason, from, to, writesStoppedAt, readsBinaryLog } = input as FailoverInput;
  const zones = new Map(listInstances(database, serverId!).map((row) => [row.id, row.zone]));
  insertFailover(database, {
    id,
    serverId: serverId!,
    kind,
    reason,
    fromZone: zones.get(from) ?? '',
    toZone: zones.get(to) ?? '',
    startedAt,
    writesStoppedAt: writesStoppedAt ?? null,
  });
  const when = readsBinaryLog ? 'PrimaryGivenUp' : kind === 'automatic' ? 'PrimaryLost' : 'FailoverAsked';
  recordHaEvent(database, serverId!, { when, reason, at: startedAt });
}

function sides({ world, input, operation }: Context): { from: InstanceRow; to: InstanceRow } {
  const instances = listInstances(world.database, operation.serverId!);
  const find = (id: string) => {
    const found = instances.find((row) => row.id === id);
    if (!found) throw new Error(`Instance ${id} is gone.`);
    return found;
  };
  return { from: find(input.from), to: find(input.to) };
}

/** No write is under way or accepted any more, and whoever was answered was answered. New clients and statements wait. */
async function drainPrimary(context: Context): Promise<void> {
  const { world, operation } = context;
  const { from } = sides(context);
  // Connected before anybody waits.
  await withInstance(world, from, async (connection) => {
    const alongside = () => setWritesStopped(world.database, operation.id, world.clock.now());
    await setFront(context, 'held', { alongside });
    try {
      await becomeReadOnly(connection, DRAIN_SECONDS);
    } catch (failure) {
      if ((failure as { code?: string }).code !== 'ER_LOCK_WAIT_TIMEOUT') throw failure;
      // A statement that takes long holds it up: its session ends now rather than a moment later.
      await setFront(context, 'switching');
      await becomeReadOnly(connection, DRAIN_AGAIN_SECONDS);
    }
  });
}

async function undrainPrimary(context: Context): Promise<void> {
  const { from } = sides(context);
  if (findMysqld(context.world, from)) await withInstance(context.world, from, becomeWritable);
  await setFront(context, 'open');
}

/** @throws {Error} when it has not executed all that it ought to have: then nobody is promoted. */
async function promoteStandby(context: Context): Promise<void> {
  const { world } = context;
  const { from, to } = sides(context);
  const scheduler = serverOf(context).overrides.event_scheduler ?? 'OFF';
  const executed = isPlanned(context) ? withInstance(world, from, readExecuted) : undefined;
  // Awaited below, once the standby answers: until then nobody else hears of its failure.
  executed?.catch(() => {});
  // After a death of the daemon, or of the machine: what it has received is in its files.
  if (!findMysqld(world, to)) await ensureMysqldRuns(world, to);
  await withInstance(world, to, async (connection) => {
    const drained = await executed;
    const { configured } = await readReplication(connection);
    // Without a source it has been promoted before, in an attempt that was cut short.
    if (configured) {
      if (drained === undefined) await stopReceiving(connection);
      const wanted = drained ?? (await readReplication(connection)).received;
      const timeout = drained === undefined ? patienceMs(context) : EXECUTE_MS;
      if (wanted !== '' && !(await waitUntilExecuted(connection, wanted, timeout))) {
        if (context.input.maxSeconds !== undefined) {
          throw tooSlow(context.input.maxSeconds, 'The former primary goes on.');
        }
        throw new Error('The standby did not execute all that it had received.');
      }
    }
    await becomePrimary(connection, scheduler);
  });
}

/** How long a standby may take to execute what it received. What was allowed counts from the stop of writes on. */
function patienceMs({ world, input, operation }: Context): number {
  if (input.maxSeconds === undefined) return EXECUTE_RECEIVED_MS;
  const { writesStoppedAt, startedAt } = findFailover(world.database, operation.id)!;
  return Math.max(0, (writesStoppedAt ?? startedAt) + input.maxSeconds * 1000 - world.clock.now());
}

function tooSlow(maxSeconds: number, then: string): ArmError {
  const seconds = `${maxSeconds} ${maxSeconds === 1 ? 'second' : 'seconds'}`;
  return new ArmError(
    'FailoverTimeExceeded',
    409,
    `The standby needs longer than ${seconds} to execute what it has received, which is the most that was allowed. ${then} Try again, or allow more.`,
  );
}

/** From here on there is no way back: the new primary has taken writes. */
async function switchClients(context: Context): Promise<void> {
  const { world, input, operation } = context;
  const { database, clock, fronts } = world;
  const id = serverIdOf(context);
  transaction(database, () => {
    if (readPrimary(database, id).id === input.to) return;
    const server = serverOf(context);
    swapRoles(database, id);
    // To be made anew is not its fault.
    setRestarts(database, input.from, []);
    const { properties, ...rest } = server.intent;
    const { from, to } = sides(context);
    updateServer(database, id, {
      front: 'open',
      epoch: server.epoch + 1,
      intent: {
        ...rest,
        properties: {
          ...properties,
          availabilityZone: to.zone,
          highAvailability: { ...haIntent(server.intent), standbyAvailabilityZone: from.zone },
        },
      },
    });
    const reason = 'The former primary is becoming the standby.';
    recordHaEvent(database, id, { when: 'Promoted', reason, at: clock.now() });
  });
  await fronts.push().catch(logAndGoOn(context));
  const failover = findFailover(database, operation.id);
  if (failover?.status !== 'InProgress') return;
  const at = clock.now();
  const downtimeMs = at - (failover.writesStoppedAt ?? failover.startedAt);
  endFailover(database, operation.id, { status: 'Succeeded', at, downtimeMs });
}

/** Events are as they were on the former primary: it says so itself, or what it last said is known. Never fails. */
async function restoreFormerEvents(context: Context): Promise<void> {
  const { world, log, operation } = context;
  const { from } = sides(context);
  try {
    const known = findMysqld(world, from) ? withInstance(world, from, readRestingEvents) : undefined;
    const resting = (await known?.catch(() => undefined)) ?? serverOf(context).restingEvents;
    const failures = await withServer(context, (connection) => restoreEvents(connection, resting));
    if (failures.length > 0) log.warn({ operation: operation.id, failures }, 'some events stay disabled');
  } catch (failure) {
    log.warn({ err: failure, operation: operation.id }, 'events could not be enabled');
  }
}

/** What waited for a restart of the old primary may be in force on the new one: it started later. Never fails. */
async function comparePending(context: Context): Promise<void> {
  const { world, log, operation } = context;
  const server = serverOf(context);
  if (server.pendingRestart.length === 0) return;
  try {
    const configurations = await withServer(context, (connection) =>
      readConfigurations(connection, serverConfiguration(world, server)),
    );
    const pending = new Set(configurations.filter((one) => one.isPendingRestart).map(({ name }) => name));
    updateServer(world.database, server.id, { pendingRestart: server.pendingRestart.filter((it) => pending.has(it)) });
  } catch (failure) {
    log.warn({ err: failure, operation: operation.id }, 'the new primary’s parameters could not be read');
  }
}

/** A gateway that is gone has no sessions; the next one is told the newest table at once. */
function logAndGoOn({ log, operation }: Context): (failure: unknown) => void {
  return (failure) => log.warn({ err: failure, operation: operation.id }, 'the gateway could not be told');
}
