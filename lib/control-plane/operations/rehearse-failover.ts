import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { ArmError } from '../../arm/error.ts';
import type { RehearsalKind } from '../../arm/local/failover-rehearsal.ts';
import { longestGap, lostRows, sampleRecord, type WriterRecord } from '../ha/rehearsal-report.ts';
import { startRehearsalWriters, type RehearsalWriters } from '../ha/rehearsal-writers.ts';
import { rows } from '../mysql/client.ts';
import { createRehearsal, readWritten, rehearsalNames } from '../mysql/rehearsal.ts';
import { readExecuted, waitUntilExecuted } from '../mysql/replication.ts';
import {
  endFailoverRehearsal,
  listFailoverRehearsals,
  readFailoverRehearsal,
  setRehearsalReport,
  setRehearsalTraces,
  setRehearsalWritten,
} from '../store/failover-rehearsals.ts';
import { findFailover, listFailovers, type FailoverRow } from '../store/failovers.ts';
import { findStandby } from '../store/instances.ts';
import { findExclusiveOperation, setStage } from '../store/operations.ts';
import type { ServerRow } from '../store/servers.ts';
import { beginFailoverServer, type RehearseFailoverInput } from './begin.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { notHealthy } from './failover-state.ts';
import { WRITER_HOST } from './fronts.ts';
import { findMysqld } from './mysqld.ts';
import { removeTraces } from './rehearsal-traces.ts';
import { primaryOf, refuseUnlessAllowed, serverIdOf, serverOf, withInstance, withServer } from './server-steps.ts';
import { haIntent } from './standby-state.ts';
import type { World } from './world.ts';

type Context = OperationContext<World, RehearseFailoverInput>;

/** Before the fault: what is usual. */
const WARM_UP_MS = 1_500;
const WARM_UP_ROWS = 50;
/** After clients write again. */
const AFTER_ROWS = 100;
const AFTER_MS = 1_000;
const WRITES_AGAIN_MS = 60_000;
const FAILOVER_BEGINS_MS = 30_000;
const PROTECTED_MS = 3 * 60_000;
const COMPARE_STANDBY_MS = 30_000;
const LOOK_MS = 20;
const NAMED_LOST_ROWS = 100;

/** A failover under a writer of our own, which tells what clients feel and that nothing acknowledged was lost. */
export const rehearseFailover: OperationDefinition<World, RehearseFailoverInput> = {
  armName: 'RehearseFailoverManagementOperation',
  title: 'Rehearse failover',
  action: 'Flexdeck.Local/failoverRehearsals/write',
  // The failover itself is an exclusive operation of its own, beside this one.
  exclusive: false,
  lane: 'rehearsal',
  whenAStepFails: 'undo',
  check({ database }, operation) {
    const server = refuseUnlessAllowed(database, operation, 'failover');
    const target = operation.resourceId;
    if (server.haState !== 'Healthy') {
      throw new ArmError('HighAvailabilityNotHealthy', 409, notHealthy(server.haState, server.haReason), { target });
    }
    if (findExclusiveOperation(database, server.id)) {
      throw new ArmError('ServerIsBusy', 409, 'Another change of the server is running. Wait until it ends.', {
        target,
      });
    }
    const running = listFailoverRehearsals(database, server.id).find(({ state }) => state === 'Running');
    if (!running) return;
    throw new ArmError(
      'FailoverRehearsalRunning',
      409,
      `The rehearsal ${running.name} is running. Wait until it ends.`,
      {
        target,
      },
    );
  },
  steps: [
    {
      name: 'writersAdmitted',
      stage: 'Letting the writers in',
      async ensure({ world, operation }) {
        setRehearsalTraces(world.database, operation.id, true);
        await world.fronts.push();
      },
      undo: ({ world, operation }) => removeTraces(world, operation.id),
    },
    { name: 'failoverRehearsed', stage: 'Writing before the failover', ensure: rehearse },
    {
      name: 'tracesRemoved',
      stage: 'Removing the writers’ account and table',
      ensure: ({ world, operation }) => removeTraces(world, operation.id),
    },
  ],
  succeeded({ world: { database, clock }, operation }) {
    endFailoverRehearsal(database, operation.id, { state: 'Succeeded', error: null, at: clock.now() });
  },
  failed({ world: { database, clock }, operation }, error) {
    endFailoverRehearsal(database, operation.id, { state: 'Failed', error, at: clock.now() });
  },
  story({ world: { database }, operation }) {
    const { report } = readFailoverRehearsal(database, operation.id);
    if (!report) return undefined;
    const { acknowledgedWrites, acknowledgedAndLost, longestGapMilliseconds, refusedConnections } = report;
    const lost = acknowledgedAndLost === 0 ? 'none of them is missing' : `${acknowledgedAndLost} of them are missing`;
    const refused = refusedConnections === 0 ? 'no connection was' : `${refusedConnections} connections were`;
    return (
      `${acknowledgedWrites.toLocaleString('en-US')} writes were acknowledged, ${lost}. The longest gap between two was ` +
      `${Math.round(longestGapMilliseconds)} ms; ${refused} refused.`
    );
  },
};

/** What the writers know is in memory only: a daemon that comes after the one that began this cannot go on. */
async function rehearse(context: Context): Promise<void> {
  const { world, operation, engine, signal } = context;
  const { database } = world;
  const { hasWritten, report } = readFailoverRehearsal(database, operation.id);
  if (report) return;
  if (hasWritten) {
    const message =
      'The control plane was started again in the middle of the rehearsal, and what the writers saw is gone.';
    throw new ArmError('FailoverRehearsalInterrupted', 409, message);
  }
  const stopping = new AbortController();
  const either = AbortSignal.any([signal, stopping.signal]);
  // Rejects when the engine stops: a writer must not keep the daemon.
  const own = engine.ended(operation.id).catch((failure) => {
    stopping.abort(failure);
    throw failure;
  });
  await Promise.race([writeThroughFailover(context, either), own]);
}

async function writeThroughFailover(context: Context, signal: AbortSignal): Promise<void> {
  const { world, operation } = context;
  const { database } = world;
  const before = serverOf(context);
  const mysqlVersion = await readVersion(context);
  const writers = await startWriters(context);
  let record: WriterRecord | undefined;
  try {
    await writers.progress(WARM_UP_ROWS, WRITES_AGAIN_MS);
    await delay(WARM_UP_MS, undefined, { signal });
    setStage(database, operation.id, 'Failing over');
    const faultAt = world.clock.now();
    const failover = await failOver(context, signal);
    setStage(database, operation.id, 'Writing after the failover');
    await writers.progress(AFTER_ROWS, WRITES_AGAIN_MS);
    await delay(AFTER_MS, undefined, { signal });
    record = await writers.stop();

    setStage(database, operation.id, 'Looking for every acknowledged row');
    const names = rehearsalNames(operation.id);
    const { numbers, acknowledgedAt } = record;
    const lost = lostRows(numbers, await withServer(context, (connection) => readWritten(connection, names)));
    setStage(database, operation.id, 'Waiting until the server is protected again');
    const protectedAt = await protectedAgain(context, signal);
    const onStandby = protectedAt === undefined ? undefined : await readStandby(context);
    if (onStandby) lost.push(...lostRows(numbers, onStandby).filter((number) => !lost.includes(number)));

    const start = acknowledgedAt[0] ?? faultAt;
    const end = acknowledgedAt.at(-1) ?? faultAt;
    const gap = longestGap(acknowledgedAt, faultAt, end);
    const refused = record.refusedAt.length;
    setRehearsalReport(database, operation.id, {
      samples: sampleRecord(record),
      report: {
        mysqlVersion,
        zonesBefore: zonesOf(before),
        zonesAfter: zonesOf(serverOf(context)),
        acknowledgedWrites: numbers.length,
        acknowledgedAndLost: lost.length,
        lostRows: lost.slice(0, NAMED_LOST_ROWS),
        comparedOn: onStandby ? ['primary', 'standby'] : ['primary'],
        longestGapMilliseconds: gap.milliseconds,
        longestGapStart: gap.start - start,
        usualGapMilliseconds: longestGap(acknowledgedAt, start, faultAt).milliseconds,
        refusedConnections: refused,
        lostConnections: record.lostAt.length,
        errors: record.errors,
        phases: phases({ faultAt, failover, gapEnd: gap.start + gap.milliseconds, protectedAt }).map((phase) => ({
          ...phase,
          start: phase.start - start,
          end: phase.end - start,
        })),
      },
    });
  } finally {
    if (!record) await writers.stop().catch(() => {});
  }
}

async function startWriters(context: Context): Promise<RehearsalWriters> {
  const { world, operation, input } = context;
  const { address, port } = serverOf(context);
  const names = rehearsalNames(operation.id);
  // In memory only, and of no use to anybody once the account is gone.
  const password = randomBytes(24).toString('base64url');
  setRehearsalWritten(world.database, operation.id);
  await withServer(context, (connection) =>
    createRehearsal(connection, names, { password, sessions: 2 * input.writers }),
  );
  return startRehearsalWriters({
    host: address,
    port: port!,
    from: `${world.addressBlock}.${WRITER_HOST}`,
    ...names,
    password,
    certificateAuthority: await readFile(world.paths.caCertificate, 'utf8'),
    writers: input.writers,
  });
}

/** Lets the primary be lost in the way that was asked for, and waits until the standby has taken over. */
async function failOver(context: Context, signal: AbortSignal): Promise<FailoverRow> {
  const { world, engine, operation, input } = context;
  const { database } = world;
  const server = serverOf(context);
  const id = await beginLoss(context, server, input.kind, signal);
  const ended = await engine.ended(id);
  const failover = findFailover(database, id);
  if (ended.status === 'Succeeded' && failover) return failover;
  throw new ArmError('FailoverFailed', 409, `The failover failed: ${ended.error?.message ?? 'nobody says why'}`, {
    target: operation.resourceId,
  });
}

/** @returns the id of the failover's operation. */
async function beginLoss(
  context: Context,
  server: ServerRow,
  kind: RehearsalKind,
  signal: AbortSignal,
): Promise<string> {
  const { world, engine, operation } = context;
  const { database } = world;
  const { apiVersion, caller } = operation;
  if (kind === 'Planned' || kind === 'Forced') {
    const reason = 'A failover rehearsal asked for it.';
    const how = kind === 'Planned' ? 'planned' : 'forced';
    return beginFailoverServer({ engine, world }, { server, kind: how, reason, apiVersion, caller }).id;
  }
  const known = new Set(listFailovers(database, server.id).map(({ id }) => id));
  const running = findMysqld(world, primaryOf(context));
  if (!running) throw new Error('The primary’s process is not there.');
  process.kill(running.pid, kind === 'KillPrimary' ? 'SIGKILL' : 'SIGSTOP');
  for (const end = Date.now() + FAILOVER_BEGINS_MS; Date.now() < end;) {
    const begun = listFailovers(database, server.id).find(({ id }) => !known.has(id));
    if (begun) return begun.id;
    await delay(LOOK_MS, undefined, { signal });
  }
  throw new ArmError('FailoverFailed', 409, 'The standby did not take over, although the primary was lost.');
}

/** When it was Healthy again; undefined when that took too long, or is no longer wanted. */
async function protectedAgain(context: Context, signal: AbortSignal): Promise<number | undefined> {
  for (const end = Date.now() + PROTECTED_MS; Date.now() < end;) {
    const { haState, haSince, deletedAt } = serverOf(context);
    if (haState === 'Healthy') return haSince ?? Date.now();
    if (haState === 'NotEnabled' || haState === 'Resting' || deletedAt !== null) return undefined;
    await delay(LOOK_MS, undefined, { signal });
  }
  return undefined;
}

/** Undefined when the standby cannot be asked: then nothing is said of it. */
async function readStandby(context: Context): Promise<Set<number> | undefined> {
  const { world, operation, log } = context;
  const standby = findStandby(world.database, serverIdOf(context));
  if (!standby) return undefined;
  try {
    const executed = await withServer(context, readExecuted);
    return await withInstance(world, standby, async (connection) => {
      if (!(await waitUntilExecuted(connection, executed, COMPARE_STANDBY_MS))) return undefined;
      return readWritten(connection, rehearsalNames(operation.id));
    });
  } catch (failure) {
    log.warn({ err: failure, operation: operation.id }, 'the standby could not be compared');
    return undefined;
  }
}

async function readVersion(context: Context): Promise<string> {
  const [row] = await withServer(context, (connection) =>
    rows<{ version: string }>(connection, 'SELECT VERSION() AS version'),
  );
  return row!.version;
}

function zonesOf({ intent }: ServerRow) {
  return { primary: intent.properties.availabilityZone, standby: haIntent(intent).standbyAvailabilityZone ?? '' };
}

function phases(times: { faultAt: number; failover: FailoverRow; gapEnd: number; protectedAt: number | undefined }) {
  const { faultAt, failover, gapEnd, protectedAt } = times;
  const stopped = Math.max(failover.writesStoppedAt ?? failover.startedAt, failover.startedAt);
  const switched = stopped + (failover.downtimeMs ?? 0);
  return [
    { name: 'Until the failover began', start: faultAt, end: failover.startedAt },
    { name: 'Until writes were stopped', start: failover.startedAt, end: stopped },
    { name: 'Until the standby had taken over', start: stopped, end: switched },
    { name: 'Until clients wrote again', start: switched, end: Math.max(switched, gapEnd) },
    ...(protectedAt === undefined
      ? []
      : [{ name: 'Until a standby was ready again', start: switched, end: Math.max(protectedAt, switched) }]),
  ];
}
