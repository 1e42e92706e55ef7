import { ArmError } from '../../arm/error.ts';
import { recordHaEvent } from '../ha/transition.ts';
import { readConfigurations } from '../mysql/configurations.ts';
import type { Connection } from '../mysql/client.ts';
import { readRestingEvents, restoreEvents } from '../mysql/events.ts';
import { giveUpHalfTransaction } from '../mysql/half-transaction.ts';
import {
  becomePrimary,
  becomeReadOnly,
  becomeWritable,
  ensureExecutes,
  forgetSource,
  readExecuted,
  readReplication,
  stopReceiving,
  waitUntilExecuted,
} from '../mysql/replication.ts';
import { transaction } from '../store/database.ts';
import { endFailover, findFailover, setWritesStopped } from '../store/failovers.ts';
import { readPrimary, setRestarts, swapRoles } from '../store/instances.ts';
import { updateServer } from '../store/servers.ts';
import { closeConnections, keepConnection, withSide } from './failover-connections.ts';
import { isPlanned, sides, type FailoverContext } from './failover-state.ts';
import { ensureMysqldRuns, findMysqld } from './mysqld.ts';
import { serverConfiguration } from './server-configuration.ts';
import { serverIdOf, serverOf, setFront, withInstance, withServer } from './server-steps.ts';
import { haIntent } from './standby-state.ts';

const DRAIN_SECONDS = 2;
const DRAIN_AGAIN_SECONDS = 10;
const EXECUTE_MS = 10_000;
/** How often a standby that has much to execute is asked whether it still does. */
const LOOK_EVERY_MS = 1_000;
/** A standby that was not far behind a dead primary: nothing else would have let it be Healthy for long. */
const EXECUTE_RECEIVED_MS = 10 * 60_000;

/** No write is under way or accepted any more, and whoever was answered was answered. New clients and statements wait. */
export async function drainPrimary(context: FailoverContext): Promise<void> {
  const { world, operation } = context;
  const { from, to } = sides(context);
  // Before anybody waits.
  await Promise.all([keepConnection(context, from), keepConnection(context, to)]);
  await withSide(context, from, async (connection) => {
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

export async function undrainPrimary(context: FailoverContext): Promise<void> {
  const { from } = sides(context);
  closeConnections(context);
  if (findMysqld(context.world, from)) await withInstance(context.world, from, becomeWritable);
  await setFront(context, 'open');
}

/** @throws {Error} when it has not executed all that it ought to have: then nobody is promoted. */
export async function promoteStandby(context: FailoverContext): Promise<void> {
  const { world } = context;
  const { from, to } = sides(context);
  const scheduler = serverOf(context).overrides.event_scheduler ?? 'OFF';
  const executed = isPlanned(context) ? withSide(context, from, readExecuted) : undefined;
  // Awaited below, once the standby answers: until then nobody else hears of its failure.
  executed?.catch(() => {});
  // After a death of the daemon, or of the machine: what it has received is in its files.
  if (!findMysqld(world, to)) await ensureMysqldRuns(world, to);
  await withSide(context, to, async (connection) => {
    const [drained, { configured, applier }] = await Promise.all([executed, readReplication(connection)]);
    // Without a source it has been promoted before, in an attempt that was cut short.
    if (configured) {
      if (drained === undefined) await stopReceiving(connection);
      if (applier === 'OFF') await ensureExecutes(connection, { receives: drained !== undefined });
      const wanted = drained ?? (await readReplication(connection)).received;
      const timeout = drained === undefined ? patienceMs(context) : EXECUTE_MS;
      if (wanted !== '' && !(await waitWhileItExecutes(connection, wanted, timeout))) {
        if (context.input.maxSeconds !== undefined) {
          throw tooSlow(context.input.maxSeconds, 'The former primary goes on.');
        }
        throw new Error('The standby did not execute all that it had received.');
      }
      if (drained === undefined) await giveUpHalfTransaction(connection);
    }
    await becomePrimary(connection, scheduler);
  }).catch((failure: unknown) => {
    throw isSilence(failure)
      ? new ArmError('StandbyNotAnswering', 409, 'The standby did not answer, so that it could not take over.')
      : failure;
  });
}

/** @returns whether it has executed that in time. @throws {Error} as soon as it executes nothing any more. */
async function waitWhileItExecutes(connection: Connection, wanted: string, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const left = end - performance.now();
    if (await waitUntilExecuted(connection, wanted, Math.min(left, LOOK_EVERY_MS))) return true;
    if (left <= LOOK_EVERY_MS) return false;
    const { applier, error } = await readReplication(connection);
    if (applier === 'OFF') {
      throw new Error(`The standby does not execute what it has received: ${error ?? 'MySQL does not say why'}.`);
    }
  }
}

/** It hangs, or ended meanwhile. */
function isSilence(failure: unknown): boolean {
  const { code } = Object(failure) as { code?: unknown };
  return [
    'ETIMEDOUT',
    'PROTOCOL_SEQUENCE_TIMEOUT',
    'PROTOCOL_CONNECTION_LOST',
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOENT',
  ].some((one) => one === code);
}

/** How long a standby may take to execute what it received. What was allowed counts from the stop of writes on. */
function patienceMs({ world, input, operation }: FailoverContext): number {
  if (input.maxSeconds === undefined) return EXECUTE_RECEIVED_MS;
  const { writesStoppedAt, startedAt } = findFailover(world.database, operation.id)!;
  return Math.max(0, (writesStoppedAt ?? startedAt) + input.maxSeconds * 1000 - world.clock.now());
}

export function tooSlow(maxSeconds: number, then: string): ArmError {
  const seconds = `${maxSeconds} ${maxSeconds === 1 ? 'second' : 'seconds'}`;
  return new ArmError(
    'FailoverTimeExceeded',
    409,
    `The standby needs longer than ${seconds} to execute what it has received, which is the most that was allowed. ${then} Try again, or allow more.`,
  );
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
  closeConnections(context);
  const failover = findFailover(database, operation.id);
  if (failover?.status !== 'InProgress') return;
  const at = clock.now();
  // Not less than none, should somebody have set the clock back.
  const downtimeMs = Math.max(0, at - (failover.writesStoppedAt ?? failover.startedAt));
  endFailover(database, operation.id, { status: 'Succeeded', at, downtimeMs });
}

/** Not before clients are led on: it waits for the disk. Never fails: what stays is replaced when it follows somebody. */
export async function forgetFormerSource(context: FailoverContext): Promise<void> {
  await withServer(context, forgetSource).catch((failure) =>
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
    const failures = await withServer(context, (connection) => restoreEvents(connection, resting));
    if (failures.length > 0) log.warn({ operation: operation.id, failures }, 'some events stay disabled');
  } catch (failure) {
    log.warn({ err: failure, operation: operation.id }, 'events could not be enabled');
  }
}

/** What waited for a restart of the old primary may be in force on the new one: it started later. Never fails. */
export async function comparePending(context: FailoverContext): Promise<void> {
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
export function logAndGoOn({ log, operation }: FailoverContext): (failure: unknown) => void {
  return (failure) => log.warn({ err: failure, operation: operation.id }, 'the gateway could not be told');
}
