import { setImmediate as breathe } from 'node:timers/promises';
import { closedMinute, dueLooks } from '../alerts/evaluate.ts';
import { resolveAlert } from '../alerts/fire.ts';
import { endRule, lookAtRule } from '../alerts/look.ts';
import { timingOf, type MetricAlertRow } from '../alerts/rule.ts';
import type { World } from '../operations/world.ts';
import { deleteOrphanedConditions } from '../store/alert-conditions.ts';
import { listOrphanedAlerts } from '../store/alerts.ts';
import { transaction } from '../store/database.ts';
import { listMonitorResources } from '../store/monitor-resources.ts';
import { apart } from './apart.ts';
import { teller, type Reconciler } from './loop.ts';

const MINUTE = 60_000;
/** After a minute's end its samples come in: a server that hangs is left alone after three seconds. */
export const SETTLE_MS = 5_000;
/** A daemon that was away looks at what it missed, no further back than this: it kept no samples while it was away. */
const OLDEST_LOOK_MS = 60 * MINUTE;

type Needs = Pick<World, 'database' | 'metering' | 'clock' | 'newId' | 'log'>;

/** Looks at every alert rule when it is due, on minutes that are over. */
export function alertsReconciler({ database, metering, clock, log, newId }: Needs): Reconciler {
  const tell = teller((details) => log.error({ reconciler: 'alerts', ...details }, 'a rule was not looked at'));
  const world = { database, samples: metering.samples, newId };

  /** @returns sentences on what changed. */
  async function catchUp(rule: MetricAlertRow, closed: number): Promise<string[]> {
    const { frequencyMs } = timingOf(rule.properties);
    // A rule that is new, or was changed, is looked at with the newest minute; and so is one from the time before the clock was set back.
    const evaluatedTo =
      rule.evaluatedTo === null || rule.evaluatedTo > closed + frequencyMs ? closed - frequencyMs : rule.evaluatedTo;
    const stories: string[] = [];
    for (const at of dueLooks(evaluatedTo, closed, frequencyMs, closed - OLDEST_LOOK_MS)) {
      stories.push(...lookAtRule(world, rule, at));
      await breathe();
    }
    return stories;
  }

  return {
    name: 'alerts',
    everyMs: () => MINUTE - ((clock.now() - SETTLE_MS) % MINUTE),
    async tick() {
      const closed = closedMinute(clock.now(), SETTLE_MS);
      // Of rules that went with their resource group.
      transaction(database, () => {
        deleteOrphanedConditions(database);
        for (const alert of listOrphanedAlerts(database)) {
          resolveAlert(world, alert, { actions: [], at: clock.now(), comments: 'The rule was deleted.' });
        }
      });
      const rules = listMonitorResources<MetricAlertRow['properties']>(database, 'metricAlerts');
      const look = (rule: MetricAlertRow) => {
        if (rule.properties.enabled) return catchUp(rule, closed);
        transaction(database, () => endRule(world, rule, clock.now(), 'The rule was disabled.'));
        return undefined;
      };
      const stories = await apart(rules, look, tell);
      return stories.join('; ') || undefined;
    },
  };
}
