import type { World } from '../operations/world.ts';
import { pruneActivityEvents } from '../store/activity.ts';
import { pruneOperations } from '../store/operations.ts';
import type { Reconciler } from './loop.ts';

/** Azure keeps its activity log for 90 days. */
const KEPT_MS = 90 * 24 * 60 * 60_000;

/** Forgets operations and events that are older than anybody may ask for. */
export function retentionReconciler({ database, clock }: Pick<World, 'database' | 'clock'>): Reconciler {
  return {
    name: 'retention',
    everyMs: 60 * 60_000,
    async tick() {
      const before = clock.now() - KEPT_MS;
      const operations = pruneOperations(database, before);
      const events = pruneActivityEvents(database, before);
      if (operations + events === 0) return undefined;
      return `forgot ${operations} operations and ${events} events older than 90 days`;
    },
  };
}
