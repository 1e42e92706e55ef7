import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { judge, type Verdict } from '../ha/detection.ts';
import { watchFollowing } from '../ha/following.ts';
import { startProbe, type Probe } from '../ha/probe.ts';
import { isAlive, processState, type ProcessIdentity } from '../mysql/adoption.ts';
import { instancePaths } from '../mysql/instance.ts';
import { findMysqld } from '../operations/mysqld.ts';
import { mysqlInstance, type World } from '../operations/world.ts';
import { findPrimary, findStandby, setProcess, type InstanceRow } from '../store/instances.ts';
import { findExclusiveOperation } from '../store/operations.ts';
import type { ServerRow } from '../store/servers.ts';

interface Watched {
  process: ProcessIdentity;
  probe: Probe;
}

/** What is seen of the two sides of highly available servers: judges, and decides nothing. */
export interface Sides {
  judge(row: InstanceRow): Verdict;
  judgePrimary(primary: InstanceRow): Verdict;
  /** Of a server that is Healthy: whether its standby does what it is there for. */
  judgeStandby(server: ServerRow, primary: InstanceRow, standby: InstanceRow): Verdict;
  /** The one that asks it now, or asked its last process; undefined before it was first judged. */
  probe(row: InstanceRow): Probe | undefined;
  /** How much more may be written to each one's disk, in bytes; undefined while nobody has looked. */
  freeOnBoth(primary: InstanceRow, standby: InstanceRow): readonly [number | undefined, number | undefined];
  /** The same of one that need not run, nor have a folder yet. */
  freeBytesFor(row: InstanceRow): number | undefined;
  /** Ceases to watch those of other servers. */
  keepOnly(servers: readonly ServerRow[]): void;
  stop(): void;
}

export function watchSides(world: World): Sides {
  const { database } = world;
  const watched = new Map<string, Watched>();
  const now = () => performance.now();
  const following = watchFollowing(now);

  /** The probe of that very process; a new process gets a new one. */
  function watch(row: InstanceRow): Watched | undefined {
    const known = watched.get(row.id);
    if (!row.process) return known;
    if (known && known.process.pid === row.process.pid && known.process.startedAt === row.process.startedAt)
      return known;
    known?.probe.stop();
    const { socket, dataDirectory } = instancePaths(mysqlInstance(world, row));
    const fresh = { process: row.process, probe: startProbe({ socket, folder: dataDirectory }, now) };
    watched.set(row.id, fresh);
    return fresh;
  }

  function judgeProcess(row: InstanceRow): Verdict {
    const seen = watch(row);
    if (!row.process || !seen) return judge({ alive: false, state: undefined, unansweredMs: 0 });
    const alive = isAlive(row.process);
    const unansweredMs = seen.probe.unansweredMs();
    const state = alive ? processState(row.process.pid) : undefined;
    if (state === 'T' && unansweredMs === 0) seen.probe.hurry();
    return judge({ alive, state, unansweredMs });
  }

  function judgeStandby(server: ServerRow, primary: InstanceRow, standby: InstanceRow): Verdict {
    const process = judgeProcess(standby);
    if (process.lost) return process;
    return following.judge(server, watched.get(primary.id)?.probe, watched.get(standby.id)?.probe);
  }

  /** What more may be written on each side: a process that cannot write lives, and waits for ever. */
  function freeOnBoth(primary: InstanceRow, standby: InstanceRow) {
    const free = (row: InstanceRow) => watched.get(row.id)?.probe.freeBytes();
    return [free(primary), free(standby)] as const;
  }

  /** An operation that stops the primary says first that it is wanted stopped, and forgets its process. */
  function judgePrimary(row: InstanceRow): Verdict {
    if (row.desired === 'stopped') return { lost: false };
    if (row.process) return judgeProcess(row);
    if (findExclusiveOperation(database, row.serverId)) return { lost: false };
    // Started by a daemon that could not write that down, or ended with the control plane.
    const running = findMysqld(world, row);
    if (running) setProcess(database, row.id, running);
    return judge({ alive: running !== undefined, state: undefined, unansweredMs: 0 });
  }

  /** Of the disk that its data lies on, or will lie on. */
  function freeBytesFor(row: InstanceRow): number | undefined {
    const { folder } = mysqlInstance(world, row);
    const place = [folder, dirname(folder)].find((path) => existsSync(path));
    if (!place) return undefined;
    const { bavail, bsize } = statfsSync(place);
    return bavail * bsize;
  }

  return {
    judge: judgeProcess,
    judgePrimary,
    judgeStandby,
    probe: ({ id }) => watched.get(id)?.probe,
    freeOnBoth,
    freeBytesFor,
    keepOnly(servers) {
      for (const { id, haState } of servers) if (haState !== 'Healthy') following.forget(id);
      const wanted = new Set(
        servers.flatMap(({ id }) => [findPrimary(database, id)?.id, findStandby(database, id)?.id]),
      );
      for (const [id, { probe }] of watched) {
        if (wanted.has(id)) continue;
        probe.stop();
        watched.delete(id);
      }
    },
    stop() {
      for (const { probe } of watched.values()) probe.stop();
    },
  };
}
