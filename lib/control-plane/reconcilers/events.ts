import { isDeepStrictEqual } from 'node:util';
import { readRestingEvents } from '../mysql/events.ts';
import { withInstance } from '../operations/server-steps.ts';
import type { World } from '../operations/world.ts';
import { findPrimary } from '../store/instances.ts';
import { findExclusiveOperation } from '../store/operations.ts';
import { listServers, setRestingEvents } from '../store/servers.ts';
import type { Reconciler } from './loop.ts';

/** Remembers which events of a primary are not enabled: when it dies, its standby does not know. */
export function eventsReconciler(world: World): Reconciler {
  const { database } = world;
  return {
    name: 'events',
    everyMs: 5_000,
    async tick() {
      for (const { id, haState, restingEvents } of listServers(database)) {
        const primary = findPrimary(database, id);
        if (haState !== 'Healthy' || !primary || findExclusiveOperation(database, id)) continue;
        // A primary that does not answer is the high availability reconciler's to see to.
        const resting = await withInstance(world, primary, readRestingEvents).catch(() => restingEvents);
        if (!isDeepStrictEqual(resting, restingEvents)) setRestingEvents(database, id, resting);
      }
      return undefined;
    },
  };
}
