import { setTimeout as delay } from 'node:timers/promises';
import { keepLogs } from '../logs/log-files.ts';
import { isAlive, type ProcessIdentity } from '../mysql/adoption.ts';
import { ensureReplicationCertificate } from '../mysql/certificates.ts';
import { rows } from '../mysql/client.ts';
import {
  cloneBytes,
  ensureDataDirectory,
  freeBytesOf,
  hasFormerData,
  removeFormerData,
  removeInstance,
  setDataAside,
} from '../mysql/data-directory.ts';
import { cloneFrom, ensureReplicationAccount, isSubset, readExecuted } from '../mysql/replication.ts';
import { countFailedInARow } from '../store/operations.ts';
import type { OperationContext } from './definition.ts';
import { ensureMysqldRuns, ensureMysqldStopped, findMysqld } from './mysqld.ts';
import { logPlace } from './server-logs.ts';
import { ensureCertificate, primaryOf, serverIdOf, serverOf, withInstance, withServer } from './server-steps.ts';
import { standbyOf } from './standby-state.ts';
import { mysqlInstance, runtimeOf, type World } from './world.ts';

type Context = OperationContext<World>;

/** As many attempts fail before its own data is not gone on from. */
const CLONE_AFTER = 3;
/** What a new mysqld writes besides what it clones: its redo log, its own logs. */
const CLONE_MARGIN_BYTES = 128 * 1024 ** 2;
const CLONE_END_MS = 120_000;
const LOOK_EVERY_MS = 50;

/** It runs, with whatever data it has, or none. */
export async function ensureStandbyRuns(context: Context): Promise<void> {
  const { world } = context;
  const standby = standbyOf(context);
  const instance = mysqlInstance(world, standby);
  await ensureDataDirectory(instance, await world.template(runtimeOf(world, standby.runtimeId)));
  await ensureCertificate(context, standby);
  await ensureReplicationCertificate(world.certificateAuthority, instance);
  await ensureMysqldRuns(world, standby);
}

/** A standby that could not be brought back goes on from less each time: from its process, from its data, from a clone. */
export async function loosenStandby(context: Context): Promise<void> {
  if (failedBefore(context) > 0) await ensureMysqldStopped(context.world, standbyOf(context), 'kill');
}

/** How many attempts of this kind failed since the last one that did not. */
export function failedBefore({ world, operation }: Context): number {
  return countFailedInARow(world.database, serverIdOf({ operation }), operation.kind);
}

/**
 * An empty standby that is about to get a clone. What it had stays beside it until the clone is whole: when the primary is
 * lost beyond repair meanwhile, that is all that there is besides.
 *
 * @param isUseful whether the standby could take over with what it has, once it has read the primary's binary log.
 * @throws {Error} when the disk has no room for two, and what is there is useful.
 */
export async function beginAnew(context: Context, isUseful: boolean): Promise<void> {
  const { world, log, operation } = context;
  const standby = standbyOf(context);
  const instance = mysqlInstance(world, standby);
  const needed = (await cloneBytes(mysqlInstance(world, primaryOf(context)))) + CLONE_MARGIN_BYTES;
  const free = await freeBytesOf(instance);
  const hasRoom = free >= needed || (await hasFormerData(instance));
  if (!hasRoom && isUseful) {
    throw new Error(
      `A new copy of the data needs ${inMebibytes(needed)} beside the former one, and its disk has ${inMebibytes(free)} left. Make room there.`,
    );
  }
  await ensureMysqldStopped(world, standby, 'kill');
  if (hasRoom) {
    await setDataAside(instance);
  } else {
    log.warn({ operation: operation.id, needed, free }, 'the standby’s data is given up before it has a new copy');
    // It may have been the primary for most of its life.
    await keepLogs(logPlace(world, serverOf(context), [standby]));
    await removeInstance(instance);
  }
  await ensureStandbyRuns(context);
}

/** It has data that it can go on from: its own, where the primary has all of that and the rest as well, or a clone. */
export async function ensureStandbyHasData(context: Context): Promise<void> {
  const { world, log, operation } = context;
  await withServer(context, ensureReplicationAccount);
  const instance = mysqlInstance(world, standbyOf(context));
  const executed = await withInstance(world, standbyOf(context), readExecuted);
  if (executed !== '') {
    const { hasAll, isReached } = await compareWithPrimary(context, executed);
    // What it has received may be what it cannot go on from.
    const isTriedOut = failedBefore(context) >= CLONE_AFTER && !(await hasFormerData(instance));
    if (hasAll && isReached && !isTriedOut) return removeFormerData(instance);
    log.warn({ operation: operation.id, executed }, 'the standby is made anew: it cannot go on from what it has');
    await beginAnew(context, isReached);
  }
  await cloneStandby(context);
  await removeFormerData(instance);
}

/**
 * Whether the primary has all that the standby has (killed primaries often have more), and whether the primary's binary
 * log reaches back to where the standby is.
 */
async function compareWithPrimary(
  context: Context,
  executed: string,
): Promise<{ hasAll: boolean; isReached: boolean }> {
  return withServer(context, async (connection) => {
    const [primary] = await rows<{ executed: string; purged: string }>(
      connection,
      'SELECT @@GLOBAL.gtid_executed AS executed, @@GLOBAL.gtid_purged AS purged',
    );
    return {
      hasAll: await isSubset(connection, executed, primary!.executed),
      isReached: await isSubset(connection, primary!.purged, executed),
    };
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
  signal.throwIfAborted();
  // Killed within its first half second, a mysqld that has just been cloned into leaves a redo log that it cannot read
  // (MY-012519, corrupt log record): one that ended cleanly once does not.
  await ensureMysqldStopped(world, standby, 'clean');
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

function inMebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 ** 2)} MiB`;
}
