import type { World } from '../operations/world.ts';
import { pruneActivityEvents } from '../store/activity.ts';
import { pruneDeliveries } from '../store/alert-deliveries.ts';
import { pruneAlerts } from '../store/alerts.ts';
import { pruneOperations } from '../store/operations.ts';
import { pruneHealth } from '../store/server-health.ts';
import type { Reconciler } from './loop.ts';

/** Azure keeps its activity log for 90 days. */
const KEPT_MS = 90 * 24 * 60 * 60_000;
const ALERTS_KEPT_MS = 30 * 24 * 60 * 60_000;

/** Forgets operations and events that are older than anybody may ask for. */
export function retentionReconciler({ database, clock }: Pick<World, 'database' | 'clock'>): Reconciler {
  return {
    name: 'retention',
    everyMs: 60 * 60_000,
    async tick() {
      const before = clock.now() - KEPT_MS;
      const operations = pruneOperations(database, before);
      const events = pruneActivityEvents(database, before);
      // Azure keeps alerts for 30 days.
      const alertsBefore = clock.now() - ALERTS_KEPT_MS;
      const alerts = pruneAlerts(database, alertsBefore);
      pruneDeliveries(database, alertsBefore);
      pruneHealth(database, before);
      if (operations + events + alerts === 0) return undefined;
      return `forgot ${operations} operations and ${events} events older than 90 days, ${alerts} alerts older than 30`;
    },
  };
}
