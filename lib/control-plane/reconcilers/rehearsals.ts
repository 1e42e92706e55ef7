import { removeTracesOnce } from '../operations/rehearsal-traces.ts';
import type { World } from '../operations/world.ts';
import { listRehearsalsWithTraces } from '../store/failover-rehearsals.ts';
import { readServer } from '../store/servers.ts';
import type { Reconciler } from './loop.ts';

/** Removes what rehearsals left on servers that could not be reached when they ended. */
export function rehearsalsReconciler(world: World): Reconciler {
  const { database } = world;
  return {
    name: 'rehearsals',
    everyMs: 5_000,
    async tick() {
      const left = listRehearsalsWithTraces(database).filter(({ state, serverId }) => {
        const { state: serverState, deletedAt } = readServer(database, serverId);
        return state !== 'Running' && (serverState === 'Ready' || deletedAt !== null);
      });
      const removed: string[] = [];
      for (const { id, name } of left) if (await removeTracesOnce(world, id)) removed.push(name);
      return removed.length > 0 ? `removed what was left of the rehearsals ${removed.join(', ')}` : undefined;
    },
  };
}
