import { setTimeout as delay } from 'node:timers/promises';
import { keepLogs } from '../logs/log-files.ts';
import { isAlive, type ProcessIdentity } from '../mysql/adoption.ts';
import { ensureReplicationCertificate } from '../mysql/certificates.ts';
import { rows } from '../mysql/client.ts';
import { ensureDataDirectory, removeInstance } from '../mysql/data-directory.ts';
import { cloneFrom, ensureReplicationAccount, isSubset, readExecuted } from '../mysql/replication.ts';
import { countFailedInARow } from '../store/operations.ts';
import type { OperationContext } from './definition.ts';
import { ensureMysqldRuns, ensureMysqldStopped, findMysqld } from './mysqld.ts';
import { logPlace } from './server-logs.ts';
import { ensureCertificate, serverOf, withInstance, withServer } from './server-steps.ts';
import { standbyOf } from './standby-state.ts';
import { mysqlInstance, runtimeOf, type World } from './world.ts';

type Context = OperationContext<World>;

/** As many attempts fail before the data is given up. */
const DISCARD_AFTER = 3;
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

/**
 * A standby that could not be brought back goes on from less each time: from its process, from its data, from nothing.
 * What it cannot read of what it has received, or no longer does, a new beginning cures.
 */
export async function loosenStandby(context: Context): Promise<void> {
  const { operation, world } = context;
  const failures = countFailedInARow(world.database, serverOf(context).id, operation.kind);
  if (failures >= DISCARD_AFTER) await discardStandbyData(context);
  else if (failures > 0) await ensureMysqldStopped(world, standbyOf(context), 'kill');
}

export async function discardStandbyData(context: Context): Promise<void> {
  const standby = standbyOf(context);
  await ensureMysqldStopped(context.world, standby, 'kill');
  // It may have been the primary for most of its life.
  await keepLogs(logPlace(context.world, serverOf(context), [standby]));
  await removeInstance(mysqlInstance(context.world, standby));
}

/** It has data that it can go on from: its own, where the primary has all of that and the rest as well, or a clone. */
export async function ensureStandbyHasData(context: Context): Promise<void> {
  const { world } = context;
  await withServer(context, ensureReplicationAccount);
  const executed = await withInstance(world, standbyOf(context), readExecuted);
  if (executed !== '' && (await canRejoin(context, executed))) return;
  if (executed !== '') {
    const { log, operation } = context;
    log.warn({ operation: operation.id, executed }, 'the standby is made anew: it cannot go on from what it has');
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
