import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { applyEventChanges, readEventStates, readPastEvents } from '../mysql/event-changes.ts';
import { restoreEvents } from '../mysql/events.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import type { Connection } from '../mysql/client.ts';
import { beginUnlogged, endReplay, endUnlogged, startReplay } from '../mysql/replay.ts';
import { readExecuted, readReplication } from '../mysql/replication.ts';
import type { InstanceRow } from '../store/instances.ts';
import { ensureMysqldRuns, ensureMysqldStopped, findMysqld } from './mysqld.ts';
import { foldersOf, removeRelayLogs, unpackFullBackup, writeReplayLog, type Restoring } from './restore-steps.ts';
import { withInstance } from './server-steps.ts';
import type { World } from './world.ts';

const LOOK_MS = 100;
/** Each time it is written down waits for the disk, which the replay needs itself. */
const TELL_MS = 1000;
const STALLED_MS = 10 * 60_000;
const ATTEMPTS = 3;
const DYING_MS = 2000;

/**
 * The instance has executed exactly what was wanted, and stands still; all of it is on the disk. A mysqld that dies
 * meanwhile takes the data along: it is unpacked anew.
 */
export async function replayLog(restoring: Restoring): Promise<void> {
  const { world, instance, signal, read, save } = restoring;
  const { dataDirectory } = foldersOf(world, instance);
  for (let attempt = 1; read().phase !== 'replayed'; attempt++) {
    if (read().phase === 'replaying' && !findMysqld(world, instance)) {
      await unpackFullBackup(restoring);
      await writeReplayLog(restoring);
    }
    try {
      await replayOnce(restoring);
    } catch (failure) {
      if (signal.aborted || attempt === ATTEMPTS || !(await hasDied(world, instance))) throw failure;
      world.log.warn({ err: failure, instance: instance.id }, 'mysqld died while it replayed the log: begun anew');
      continue;
    }
    await ensureMysqldStopped(world, instance, 'clean');
    await syncFolder(dataDirectory);
    save({ phase: 'replayed' });
  }
  await removeRelayLogs(dataDirectory);
}

/** Its connections end before it does. */
async function hasDied(world: World, instance: InstanceRow): Promise<boolean> {
  const end = Date.now() + DYING_MS;
  while (findMysqld(world, instance) && Date.now() < end) await delay(50);
  return findMysqld(world, instance) === undefined;
}

async function replayOnce(restoring: Restoring): Promise<void> {
  const { world, instance, signal, read, save } = restoring;
  const { replay } = read();
  if (!replay) throw new Error('There is no log to replay.');
  const stop = () => void ensureMysqldStopped(world, instance, 'kill');
  signal.addEventListener('abort', stop);
  try {
    save({ phase: 'replaying' });
    await ensureMysqldRuns(world, instance, 'restoring');
    await withInstance(world, instance, async (connection) => {
      const expected = GtidSet.parse(replay.expected);
      let executed = GtidSet.parse(await readExecuted(connection));
      if (!executed.isSubsetOf(expected)) throw new Error('The full backup holds more than was to be restored.');
      if (replay.transactions > 0 && !expected.isSubsetOf(executed)) {
        // Kept: of a replay that goes on after the daemon's death they are not what they were any more.
        if (!read().eventsBefore) save({ eventsBefore: await readEventStates(connection) });
        await beginUnlogged(connection);
        await startReplay(connection);
        let moved = { count: -1, at: Date.now() };
        let toldAt = 0;
        while (!expected.isSubsetOf(executed)) {
          signal.throwIfAborted();
          const { applier, error } = await readReplication(connection);
          if (applier === 'OFF') throw new Error(`Replaying the log stopped: ${error ?? 'MySQL does not say why'}.`);
          await delay(LOOK_MS);
          executed = GtidSet.parse(await readExecuted(connection));
          const left = expected.minus(executed).count();
          if (left !== moved.count) moved = { count: left, at: Date.now() };
          else if (Date.now() - moved.at > STALLED_MS) throw new Error('Replaying the log does not go on.');
          if (Date.now() - toldAt < TELL_MS) continue;
          toldAt = Date.now();
          save({ transactionsDone: Math.max(0, replay.transactions - left) });
        }
      }
      if (replay.transactions > 0) {
        await endReplay(connection);
        await setEvents(connection, restoring);
        await endUnlogged(connection);
      }
      save({ transactionsDone: replay.transactions });
    });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Events run, or do not, as they did where the log comes from. */
async function setEvents(connection: Connection, { read, save }: Restoring): Promise<void> {
  const { replay, eventsBefore = [], plan, notes } = read();
  const wanted = applyEventChanges(eventsBefore, replay?.events ?? []);
  const past = await readPastEvents(connection, plan!.moment);
  const resting = wanted.filter(({ status }) => status !== 'ENABLED');
  const failures = await restoreEvents(connection, [...past, ...resting]);
  if (failures.length > 0) save({ notes: [...notes, `These events do not run: ${failures.join(' ')}`] });
}

/** Nothing of it is in memory alone: MySQL sees to what it wrote itself, not to what was unpacked and never changed. */
async function syncFolder(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile() || entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
  for (const path of [...paths, folder]) {
    const file = await open(path, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
