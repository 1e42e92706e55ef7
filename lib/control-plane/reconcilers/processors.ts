import { holdCpu, removeEmptyGroups } from '../mysql/cpu-hold.ts';
import { findMysqld } from '../operations/mysqld.ts';
import { sizeOf, type World } from '../operations/world.ts';
import { listInstances } from '../store/instances.ts';
import { listServers } from '../store/servers.ts';
import type { Reconciler } from './loop.ts';

/** Holds each mysqld to the vCores of its server's size, where that has fewer than the machine has processors. */
export function processorsReconciler(world: World): Reconciler {
  const { database, machine, log } = world;
  /** What was done, by instance: a process is held once. */
  const done = new Map<string, string>();
  return {
    name: 'processors',
    everyMs: 5_000,
    async tick() {
      const instances = listServers(database).flatMap((server) =>
        listInstances(database, server.id).map((row) => ({ server, row })),
      );
      const stories: string[] = [];
      for (const { server, row } of instances) {
        const running = findMysqld(world, row);
        const { vCores } = sizeOf(server.intent);
        if (!running || vCores >= machine.cpus) continue;
        const wanted = `${running.pid} ${running.startedAt} ${vCores}`;
        if (done.get(row.id) === wanted) continue;
        done.set(row.id, wanted);
        const held = await holdCpu({ pid: running.pid, name: row.id, processors: vCores });
        if (held) stories.push(`${server.name} is held to ${vCores} of ${machine.cpus} processors (${held.way})`);
        else log.warn({ server: server.id }, 'this machine does not let a server be held to its vCores');
      }
      removeEmptyGroups(new Set(instances.map(({ row }) => row.id)));
      return stories.length > 0 ? stories.join('; ') : undefined;
    },
  };
}
