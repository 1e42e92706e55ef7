import { ArmError } from '../../arm/error.ts';
import { LOCKED_MS } from '../ha/detection.ts';
import { isOfEarlierBoot } from '../mysql/adoption.ts';
import type { Connection } from '../mysql/client.ts';
import { giveUpHalfTransaction } from '../mysql/half-transaction.ts';
import {
  becomePrimary,
  ensureExecutes,
  readAcknowledging,
  readExecuted,
  readReplication,
  stopReceiving,
  waitUntilExecuted,
} from '../mysql/replication.ts';
import { findFailover } from '../store/failovers.ts';
import type { OperationRow } from '../store/operations.ts';
import { withSide } from './failover-connections.ts';
import { isPlanned, sides, type FailoverContext } from './failover-state.ts';
import { ensureMysqldRuns, findMysqld } from './mysqld.ts';
import { serverOf } from './server-steps.ts';
import { isZoneLost } from './zones.ts';

const EXECUTE_MS = 10_000;
/** How often a standby that has much to execute is asked whether it still does. */
const LOOK_EVERY_MS = 1_000;
/** A primary that only ended is back sooner, on its own data, than a standby that still needs longer than this. */
const EXECUTE_RECEIVED_MS = 60_000;
/** As long as it takes, as long as it executes anything at all. */
const WITHOUT_END_MS = 7 * 24 * 60 * 60_000;

/** Runs of operations whose standby was not told to take writes. Of a run that goes on after a daemon's death nobody knows. */
const beforePromotion = new WeakSet<OperationRow>();

/** Said by the step that takes writes from the primary. */
export function noteBeforePromotion({ operation }: FailoverContext): void {
  beforePromotion.add(operation);
}

/** Whether the standby surely takes no writes. */
export function isBeforePromotion({ operation }: FailoverContext): boolean {
  return beforePromotion.has(operation);
}

/** @throws {Error} when it has not executed all that it ought to have: then nobody is promoted. */
export async function promoteStandby(context: FailoverContext): Promise<void> {
  const { world } = context;
  const { from, to } = sides(context);
  const scheduler = serverOf(context).overrides.event_scheduler ?? 'OFF';
  // One that died while it was drained, or had to, says no more what it has: the standby received all that counts.
  const isDead = isPlanned(context) && !findMysqld(world, from);
  if (isDead && from.process && isOfEarlierBoot(from.process)) throw new Error('The machine was started again.');
  const executed = isPlanned(context) && !isDead ? withSide(context, from, readExecuted) : undefined;
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
        throw tooFarBehind(timeout);
      }
      if (drained === undefined) await giveUpHalfTransaction(connection);
    }
    beforePromotion.delete(context.operation);
    await becomePrimary(connection, scheduler);
  }).catch((failure: unknown) => {
    throw inWords(failure, 'The standby did not answer, so that it could not take over.');
  });
}

/** @returns whether it has executed that in time. @throws {Error} as soon as it executes nothing any more. */
async function waitWhileItExecutes(connection: Connection, wanted: string, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  let freeAt = performance.now();
  for (;;) {
    const left = end - performance.now();
    if (await waitUntilExecuted(connection, wanted, Math.min(left, LOOK_EVERY_MS))) return true;
    if (left <= LOOK_EVERY_MS) return false;
    const { applier, error } = await readReplication(connection);
    if (applier === 'OFF') {
      throw new Error(`The standby does not execute what it has received: ${error ?? 'MySQL does not say why'}.`);
    }
    if ((await readAcknowledging(connection)).locked === 0) freeAt = performance.now();
    if (performance.now() - freeAt > LOCKED_MS) {
      throw new Error('The standby waits for a lock and executes nothing of what it has received.');
    }
  }
}

/** What a mysqld that hangs, or ended meanwhile, failed of says nothing to people. @param message what is said in its place. */
export function inWords(failure: unknown, message: string): unknown {
  return isSilence(failure) ? new ArmError('ServerNotAnswering', 409, message, { cause: failure }) : failure;
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
function patienceMs(context: FailoverContext): number {
  const { world, input, operation } = context;
  if (input.maxSeconds === undefined) {
    const { from } = sides(context);
    // The former primary would not come back by itself, or is not wanted.
    return input.kind === 'forced' || isZoneLost(world.database, serverOf(context), from.zone)
      ? WITHOUT_END_MS
      : EXECUTE_RECEIVED_MS;
  }
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

export function tooFarBehind(withinMs: number): ArmError {
  return new ArmError(
    'StandbyTooFarBehind',
    409,
    `The standby did not execute within ${withinMs / 1000} seconds all that it had received. The primary goes on. ` +
      'Try again when no large change is under way.',
  );
}
