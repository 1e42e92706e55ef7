import { setTimeout as delay } from 'node:timers/promises';
import {
  BINARY_LOG_SERVER_OPTIONS,
  binaryLogServer,
  ensureStandbyMayRead,
  prepareBinaryLogServer,
  removeBinaryLogServer,
} from '../mysql/binary-log-server.ts';
import { processStartedWith } from '../mysql/adoption.ts';
import { ensureServerCertificate } from '../mysql/certificates.ts';
import { rows, type Connection } from '../mysql/client.ts';
import { hasFormerData, takeDataBack } from '../mysql/data-directory.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { instancePaths } from '../mysql/instance.ts';
import { mysqldOptions } from '../mysql/options.ts';
import { killMysqld, startMysqld, waitUntilReady } from '../mysql/process.ts';
import { ensureFollows, isSubset, readReplication, relaxDurability, waitUntilExecuted } from '../mysql/replication.ts';
import type { InstanceRow } from '../store/instances.ts';
import type { OperationContext } from './definition.ts';
import { ensureMysqldRuns, ensureMysqldStopped } from './mysqld.ts';
import { certificateNames, serverOf, withInstance } from './server-steps.ts';
import { requireFollowing } from './standby-steps.ts';
import { mysqlInstance, runtimeOf, sizeOf, type World } from './world.ts';

type Context = Pick<OperationContext<World>, 'operation' | 'world' | 'signal'>;

const READ_MS = 30 * 60_000;
const LOOK_EVERY_MS = 50;

/**
 * The standby has all that a dead primary ever wrote to its binary log, and so all that it acknowledged: it reads the log
 * from a mysqld that has nothing else. The dead one's data may be damaged as it likes; its log and its keyring may not.
 *
 * @returns how many transactions it has besides: those of a primary that died before it had acknowledged them.
 * @throws {Error} when the standby cannot be brought there: then nobody may be promoted.
 */
export async function ensureBinaryLogRead(context: Context, dead: InstanceRow, standby: InstanceRow): Promise<number> {
  const { world } = context;
  // A copy that was being made when the primary was lost never gets whole. What it was to replace is.
  if (await hasFormerData(mysqlInstance(world, standby))) {
    await ensureMysqldStopped(world, standby, 'kill');
    await takeDataBack(mysqlInstance(world, standby));
  }
  await ensureMysqldRuns(world, standby);
  const { executed, serverUuid } = await withInstance(world, standby, readReplication);
  if (executed === '') throw new Error('The standby had no copy of the data yet.');
  await stopBinaryLogServer(context, dead);
  await prepareBinaryLogServer(mysqlInstance(world, dead), await world.template(runtimeOf(world, dead.runtimeId)));
  await startBinaryLogServer(context, dead);
  await world.fronts.push();
  // The dead one's socket is the reader's by now.
  const all = await withInstance(world, dead, (reader) => requireContinuation(reader, executed));
  await withInstance(world, standby, (connection) => follow(context, connection, { standby, all }));
  await stopBinaryLogServer(context, dead);
  const logged = GtidSet.parse(all);
  return GtidSet.parse(executed).minus(logged).withoutEarlierThan(logged, serverUuid).count();
}

/** Ends it and removes it, whole or half made or not there at all. */
export async function stopBinaryLogServer({ world }: Pick<Context, 'world'>, dead: InstanceRow): Promise<void> {
  const instance = mysqlInstance(world, dead);
  const running = processStartedWith(instancePaths(binaryLogServer(instance)).optionFile);
  if (running) await killMysqld(running);
  await removeBinaryLogServer(instance);
}

async function startBinaryLogServer(context: Context, dead: InstanceRow): Promise<void> {
  const { world, signal } = context;
  const server = serverOf(context);
  const instance = binaryLogServer(mysqlInstance(world, dead));
  await ensureServerCertificate(world.certificateAuthority, instance, certificateNames(server));
  const options = {
    ...mysqldOptions(instance, sizeOf(server.intent), {}, world.machine),
    ...BINARY_LOG_SERVER_OPTIONS,
  };
  const { identity } = await startMysqld({ runtime: runtimeOf(world, dead.runtimeId), instance, options });
  await waitUntilReady(instance, identity, { signal });
  await withInstance(world, dead, ensureStandbyMayRead);
}

/** @returns all that the log has. */
async function requireContinuation(reader: Connection, executed: string): Promise<string> {
  const [log] = await rows<{ all: string; purged: string }>(
    reader,
    `SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '') AS \`all\`, REPLACE(@@GLOBAL.gtid_purged, '\\n', '') AS purged`,
  );
  if (!(await isSubset(reader, log!.purged, executed))) {
    throw new Error('The former primary’s binary log does not reach back to where the standby is.');
  }
  return log!.all;
}

async function follow(
  { operation, world, signal }: Context,
  connection: Connection,
  { standby, all }: { standby: InstanceRow; all: string },
): Promise<void> {
  const { address, replicationPort } = serverOf({ operation, world });
  await relaxDurability(connection);
  await ensureFollows(connection, mysqlInstance(world, standby), { address, port: replicationPort! });
  const end = Date.now() + READ_MS;
  while (!(await waitUntilExecuted(connection, all, 1_000))) {
    signal.throwIfAborted();
    await requireFollowing(connection);
    if (Date.now() > end) throw new Error('The standby did not execute the former primary’s binary log in time.');
    await delay(LOOK_EVERY_MS);
  }
}
