import { isAlive, processState } from '../mysql/adoption.ts';
import { killMysqld } from '../mysql/process.ts';
import type { World } from '../operations/world.ts';
import { listInstances } from '../store/instances.ts';
import { listServers } from '../store/servers.ts';
import type { Reconciler } from './loop.ts';

/** Longer than the high availability reconciler takes to fail over, which is the better way out. */
export const FROZEN_MS = 3_000;

type Needs = Pick<World, 'database' | 'log'>;

/**
 * Ends every mysqld that a signal has stopped and nobody lets go on. Clients, operations and all that asks it would wait
 * for it without an end; one that is dead is started again, or its standby takes over, and what waited for it hears so.
 *
 * @param now milliseconds of a clock that never goes back. @param stateOf the kernel's letter for a pid's state.
 */
export function frozenProcessesReconciler(
  { database, log }: Needs,
  now: () => number = () => performance.now(),
  stateOf: (pid: number) => string | undefined = processState,
): Reconciler {
  /** Since when it has been seen so, by pid. */
  let frozen = new Map<number, number>();
  return {
    name: 'frozen processes',
    everyMs: 500,
    async tick() {
      const seen = new Map<number, number>();
      const stories: string[] = [];
      const names = new Map(listServers(database).map(({ id, name }) => [id, name]));
      for (const { serverId, role, process } of listInstances(database)) {
        if (!process || stateOf(process.pid) !== 'T' || !isAlive(process)) continue;
        const since = frozen.get(process.pid) ?? now();
        seen.set(process.pid, since);
        if (now() - since < FROZEN_MS) continue;
        // What does not die keeps nobody else waiting.
        void killMysqld(process).catch((failure) => log.error({ err: failure, pid: process.pid }, 'it was not ended'));
        stories.push(`ended the ${role} of ${names.get(serverId)}: its process was frozen`);
      }
      frozen = seen;
      return stories.join('; ') || undefined;
    },
  };
}
