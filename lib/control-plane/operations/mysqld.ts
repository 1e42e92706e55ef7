import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, processStartedWith, type ProcessIdentity } from '../mysql/adoption.ts';
import { endSessions } from '../mysql/end-sessions.ts';
import { instancePaths } from '../mysql/instance.ts';
import { mysqldOptions, type InstanceDuty } from '../mysql/options.ts';
import { killMysqld, startMysqld, stopMysqld, waitUntilReady } from '../mysql/process.ts';
import { leaveOutOwnSessions } from '../mysql/statement-statistics.ts';
import { transaction } from '../store/database.ts';
import { setDesired, setProcess, type InstanceRow } from '../store/instances.ts';
import { readServer, updateServer, type ServerRow } from '../store/servers.ts';
import { mysqlInstance, runtimeOf, sizeOf, type World } from './world.ts';
import { refuseLostZone } from './zones.ts';

const START_MS = 60_000;
const DYING_MS = 1_000;
const LOOK_EVERY_MS = 20;

/**
 * The instance's mysqld runs and answers: the one that runs already, adopted, or a new one with the options that the
 * server's intent asks for now.
 *
 * @param asked another duty than its role in the server.
 * @param options.timeoutMs for a start that changes its data first.
 * @throws {MysqldFailedError} when it ends before it answers.
 */
export async function ensureMysqldRuns(
  world: World,
  row: InstanceRow,
  asked?: InstanceDuty,
  { timeoutMs = START_MS } = {},
): Promise<void> {
  const { database } = world;
  const instance = mysqlInstance(world, row);
  setDesired(database, row.id, 'running');
  const running = findMysqld(world, row);
  if (running) {
    setProcess(database, row.id, running);
    return waitUntilReady(instance, running, { timeoutMs });
  }
  const server = readServer(database, row.serverId);
  refuseLostZone(database, server, row.zone);
  const duty = asked ?? dutyOf(row, server);
  const options = mysqldOptions(instance, sizeOf(server.intent), server.overrides, world.machine, duty);
  // Not a moment in which it would take writes.
  if (server.storageFull && row.role === 'primary') options['read_only'] = 'ON';
  const { identity, exited } = await startMysqld({ runtime: runtimeOf(world, row.runtimeId), instance, options });
  transaction(database, () => {
    setProcess(database, row.id, identity);
    if (row.role === 'primary' && server.pendingRestart.length > 0)
      updateServer(database, server.id, { pendingRestart: [] });
  });
  void exited.then((exit) => world.mysqldEnded(row.id, exit));
  await waitUntilReady(instance, identity, {
    timeoutMs,
    // Before anything else of ours runs on it. That it answers counts, whatever it says.
    ask: (connection) => leaveOutOwnSessions(connection, timeoutMs).catch(() => connection.query('SELECT 1')),
  });
}

function dutyOf({ role }: InstanceRow, { haState }: ServerRow): InstanceDuty {
  if (role === 'standby') return 'standby';
  return haState === 'Healthy' ? 'acknowledgedPrimary' : 'primary';
}

/**
 * No mysqld of the instance runs, and none is wanted.
 *
 * @param how cleanly, or at once where its data is of no more use.
 */
export async function ensureMysqldStopped(world: World, row: InstanceRow, how: 'clean' | 'kill'): Promise<void> {
  setDesired(world.database, row.id, 'stopped');
  const running = findMysqld(world, row);
  if (running) await (how === 'clean' ? stopCleanly(world, row, running) : killMysqld(running));
  setProcess(world.database, row.id, undefined);
}

/** Ends what is signed in, and then mysqld. */
export async function stopCleanly(
  world: Pick<World, 'paths'>,
  row: InstanceRow,
  running: ProcessIdentity,
): Promise<void> {
  await endSessions(instancePaths(mysqlInstance(world, row)).socket);
  await stopMysqld(running);
}

/** Whether it has ended, or does now: a process that is ended closes its connections some moments before it is gone. */
export async function isDying(world: Pick<World, 'paths'>, row: InstanceRow): Promise<boolean> {
  for (const end = performance.now() + DYING_MS; findMysqld(world, row); await delay(LOOK_EVERY_MS)) {
    if (performance.now() > end) return false;
  }
  return true;
}

/**
 * The instance's living process: the one on record, or one that a daemon started and died before it could write that
 * down. That one is known by its option file.
 */
export function findMysqld(world: Pick<World, 'paths'>, row: InstanceRow): ProcessIdentity | undefined {
  if (row.process && isAlive(row.process)) return row.process;
  return processStartedWith(instancePaths(mysqlInstance(world, row)).optionFile);
}
