import { deleteAlertCondition, listAlertConditions, putAlertCondition } from '../store/alert-conditions.ts';
import { findAlert, lastFiredAt, listFiredAlerts } from '../store/alerts.ts';
import { transaction, type Database } from '../store/database.ts';
import { setEvaluatedTo } from '../store/monitor-resources.ts';
import { readSeries } from '../store/samples.ts';
import type { ServerRow } from '../store/servers.ts';
import { judge, nextCondition, valueAt, type Criterion, type Looked } from './evaluate.ts';
import { fireAlert, resolveAlert } from './fire.ts';
import { alertContext } from './payloads.ts';
import { criteriaOf, mannerOf, targetsOf, timingOf, type MetricAlertRow } from './rule.ts';

export interface LookWorld {
  database: Database;
  samples: Database;
  newId(): string;
}

/** What a rule's window that ends then held. */
function lookAtServer(
  samples: Database,
  serverId: string,
  criteria: readonly Criterion[],
  window: { from: number; to: number },
): Looked {
  const values = criteria.map(({ metricName, timeAggregation }) => {
    const series = readSeries(samples, {
      serverId,
      metric: metricName,
      from: window.from,
      stepMs: window.to - window.from,
      steps: 1,
    });
    return valueAt(series, 0, timeAggregation);
  });
  return judge(criteria, values);
}

/**
 * Looks at all servers of a rule once: one transaction holds what it found, what fired, what is resolved and their
 * notifications, so that a daemon that dies looks again or has done all of it.
 *
 * @param at the end of the window.
 * @returns sentences on what changed.
 */
export function lookAtRule({ database, samples, newId }: LookWorld, rule: MetricAlertRow, at: number): string[] {
  const criteria = criteriaOf(rule.properties);
  const { windowMs } = timingOf(rule.properties);
  const window = { from: at - windowMs, to: at };
  const servers = targetsOf(database, rule.properties);
  const looks = servers.map((server) => ({ server, ...lookAtServer(samples, server.id, criteria, window) }));
  return transaction(database, () => {
    const stories: string[] = [];
    const before = new Map(listAlertConditions(database, rule.id).map((row) => [row.serverId, row]));
    for (const { server, outcome, values } of looks) {
      const known = before.get(server.id);
      before.delete(server.id);
      const manner = mannerOf(rule.properties);
      const last = manner.autoMitigate ? undefined : lastFiredAt(database, rule.id, server.id);
      const { condition, change } = nextCondition(known, outcome, at, manner, last);
      if (change === 'fire') {
        const context = alertContext(rule.properties, criteria, values, window);
        const alertId = fireAlert({ database, newId }, { rule, server, context, at });
        if (manner.autoMitigate) condition.alertId = alertId;
        stories.push(`${rule.name} fired for ${server.name}`);
      }
      if (change === 'resolve') {
        resolveById({ database, newId }, rule, server, condition.alertId!, at);
        condition.alertId = null;
        stories.push(`${rule.name} is resolved for ${server.name}`);
      }
      putAlertCondition(database, { ruleId: rule.id, serverId: server.id, ...condition });
    }
    // Servers that are no longer there, or no longer the rule's.
    for (const { serverId, alertId } of before.values()) {
      const alert = listFiredAlerts(database, rule.id).find(({ id }) => id === alertId);
      if (alert) {
        const comments = 'The rule no longer watches the server.';
        resolveAlert({ database, newId }, alert, { actions: rule.properties.actions, at, comments });
      }
      deleteAlertCondition(database, rule.id, serverId);
    }
    setEvaluatedTo(database, rule.id, at);
    return stories;
  });
}

function resolveById(
  write: Pick<LookWorld, 'database' | 'newId'>,
  rule: MetricAlertRow,
  server: ServerRow,
  alertId: string,
  at: number,
): void {
  const alert = findAlert(write.database, server.subscriptionId, alertId);
  if (alert) resolveAlert(write, alert, { actions: rule.properties.actions, at });
}

/** Ends what a rule has fired and forgets how it stood, since it is disabled or deleted; in the caller's transaction. */
export function endRule(
  { database, newId }: Pick<LookWorld, 'database' | 'newId'>,
  rule: MetricAlertRow,
  at: number,
  comments: string,
): void {
  for (const { serverId } of listAlertConditions(database, rule.id)) deleteAlertCondition(database, rule.id, serverId);
  for (const alert of listFiredAlerts(database, rule.id)) {
    resolveAlert({ database, newId }, alert, { actions: rule.properties.actions, at, comments });
  }
}
