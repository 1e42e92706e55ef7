import { recordHaEvent } from '../ha/transition.ts';
import { readConfigurations } from '../mysql/configurations.ts';
import { endClientSessions } from '../mysql/end-sessions.ts';
import { readRestingEvents, restoreEvents } from '../mysql/events.ts';
import { killMysqld } from '../mysql/process.ts';
import { becomeReadOnly, becomeWritable, forgetSource } from '../mysql/replication.ts';
import { transaction } from '../store/database.ts';
import { endFailover, findFailover, setWritesStopped } from '../store/failovers.ts';
import { readPrimary, setDesired, setRestarts, swapRoles } from '../store/instances.ts';
import { updateServer } from '../store/servers.ts';
import { closeConnections, keepConnection, withSide } from './failover-connections.ts';
import { sides, type FailoverContext } from './failover-state.ts';
import { findMysqld, isDying } from './mysqld.ts';
import { inWords, noteBeforePromotion } from './promote-standby.ts';
import { serverConfiguration } from './server-configuration.ts';
import { serverIdOf, serverOf, setFront, withInstance } from './server-steps.ts';
import { haIntent } from './standby-state.ts';

const DRAIN_SECONDS = 2;
/** After clients' sessions were ended: for what they had changed to be rolled back. */
const DRAIN_AGAIN_SECONDS = 3;

/** No write is under way or accepted any more, and whoever was answered was answered. New clients and statements wait. */
export async function drainPrimary(context: FailoverContext): Promise<void> {
  const { world, log, operation } = context;
  const { database, clock } = world;
  const { from, to } = sides(context);
  noteBeforePromotion(context);
  const alongside = () => setWritesStopped(database, operation.id, clock.now());
  // One that dies now is taken over from as any other.
  if (!findMysqld(world, from)) {
    await setFront(context, 'switching', { alongside });
    return setDesired(database, from.id, 'stopped');
  }
  // Before anybody waits.
  await Promise.all([keepConnection(context, from), keepConnection(context, to)]);
  const drained = withSide(context, from, async (connection) => {
    await setFront(context, 'held', { alongside });
    if (await becomeReadOnly(connection, DRAIN_SECONDS)) return;
    // A statement that takes long holds it up, or a lock: its session ends now rather than a moment later.
    await setFront(context, 'switching');
    await endClientSessions(connection);
    if (await becomeReadOnly(connection, DRAIN_AGAIN_SECONDS)) return;
    // Much is rolled back, or a prepared transaction holds its tables. What was acknowledged is on the standby.
    log.warn({ operation: operation.id }, 'the primary does not become read-only: it is ended');
    const running = findMysqld(world, from);
    if (running) await killMysqld(running);
  });
  await drained.catch(async (failure: unknown) => {
    if (!(await isDying(world, from))) throw inWords(failure, 'The primary did not answer.');
  });
  if (!findMysqld(world, from)) setDesired(database, from.id, 'stopped');
}

export async function undrainPrimary(context: FailoverContext): Promise<void> {
  const { from } = sides(context);
  closeConnections(context);
  // Whoever finds it dead starts it again, on its data.
  setDesired(context.world.database, from.id, 'running');
  if (findMysqld(context.world, from)) await withInstance(context.world, from, becomeWritable);
  await setFront(context, 'open');
}

/** From here on there is no way back: the new primary has taken writes. */
export async function switchClients(context: FailoverContext): Promise<void> {
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
  closeConnections(context, sides(context).from);
  const failover = findFailover(database, operation.id);
  if (failover?.status !== 'InProgress') return;
  const at = clock.now();
  // Not less than none, should somebody have set the clock back.
  const downtimeMs = Math.max(0, at - (failover.writesStoppedAt ?? failover.startedAt));
  endFailover(database, operation.id, { status: 'Succeeded', at, downtimeMs });
}

/** Not before clients are led on: it waits for the disk. Never fails: what stays is replaced when it follows somebody. */
export async function forgetFormerSource(context: FailoverContext): Promise<void> {
  await withSide(context, sides(context).to, forgetSource).catch((failure) =>
    context.log.warn({ err: failure, operation: context.operation.id }, 'the former source is still known'),
  );
}

/** Events are as they were on the former primary: it says so itself, or what it last said is known. Never fails. */
export async function restoreFormerEvents(context: FailoverContext): Promise<void> {
  const { world, log, operation } = context;
  const { from } = sides(context);
  try {
    const known = findMysqld(world, from) ? withInstance(world, from, readRestingEvents) : undefined;
    const resting = (await known?.catch(() => undefined)) ?? serverOf(context).restingEvents;
    // By the connection that is kept: clients that come back may have taken all others by now.
    const failures = await withSide(context, sides(context).to, (connection) => restoreEvents(connection, resting));
    if (failures.length > 0) log.warn({ operation: operation.id, failures }, 'some events stay disabled');
  } catch (failure) {
    log.warn({ err: failure, operation: operation.id }, 'events could not be enabled');
  }
}

/** What waited for a restart of the old primary may be in force on the new one: it started later. Never fails. */
export async function comparePending(context: FailoverContext): Promise<void> {
  const { world, log, operation } = context;
  const server = serverOf(context);
  if (server.pendingRestart.length === 0) return closeConnections(context);
  try {
    const configurations = await withSide(context, sides(context).to, (connection) =>
      readConfigurations(connection, serverConfiguration(world, server)),
    );
    const pending = new Set(configurations.filter((one) => one.isPendingRestart).map(({ name }) => name));
    updateServer(world.database, server.id, { pendingRestart: server.pendingRestart.filter((it) => pending.has(it)) });
  } catch (failure) {
    log.warn({ err: failure, operation: operation.id }, 'the new primary’s parameters could not be read');
  } finally {
    closeConnections(context);
  }
}

/** A gateway that is gone has no sessions; the next one is told the newest table at once. */
export function logAndGoOn({ log, operation }: FailoverContext): (failure: unknown) => void {
  return (failure) => log.warn({ err: failure, operation: operation.id }, 'the gateway could not be told');
}
