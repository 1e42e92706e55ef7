import type { Aggregation } from '../../arm/insights/aggregations.ts';
import type { MetricAlertProperties } from '../../arm/insights/metric-alerts.ts';
import { parseResourceId, resourceGroupId, serverId } from '../../arm/resource-id.ts';
import { EVALUATION_FREQUENCIES, WINDOW_SIZES, type AlertOperator } from '../../rules/alerts.ts';
import type { Database } from '../store/database.ts';
import type { MonitorRow } from '../store/monitor-resources.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import type { Criterion, RuleManner } from './evaluate.ts';

export type MetricAlertRow = MonitorRow<MetricAlertProperties>;

/** Azure sends the alerts of a rule that resolves none no more often than this. */
const REPEAT_AFTER_MS = 5 * 60_000;

export function criteriaOf({ criteria }: Pick<MetricAlertProperties, 'criteria'>): Criterion[] {
  return (criteria.allOf ?? []).map(({ name, metricName, timeAggregation, operator, threshold }) => ({
    name,
    metricName,
    timeAggregation: timeAggregation as Aggregation,
    operator: operator as AlertOperator,
    threshold: threshold!,
  }));
}

/** Milliseconds. */
export function timingOf(rule: Pick<MetricAlertProperties, 'windowSize' | 'evaluationFrequency'>): {
  windowMs: number;
  frequencyMs: number;
} {
  return { windowMs: WINDOW_SIZES[rule.windowSize]!, frequencyMs: EVALUATION_FREQUENCIES[rule.evaluationFrequency]! };
}

export function mannerOf({ autoMitigate, evaluationFrequency }: MetricAlertProperties): RuleManner {
  const repeatAfterMs = Math.max(REPEAT_AFTER_MS, EVALUATION_FREQUENCIES[evaluationFrequency]!);
  return { autoMitigate: autoMitigate !== false, repeatAfterMs };
}

/** The servers that a rule is about, as they are now: a rule over a group has those that came later, too. */
export function targetsOf(database: Database, { scopes, targetResourceRegion }: MetricAlertProperties): ServerRow[] {
  const region = targetResourceRegion?.replaceAll(' ', '').toLowerCase();
  return listServers(database).filter((server) => {
    if (region && server.location !== region) return false;
    return scopes.some((scope) => isWithin(serverIdOf(server), scope));
  });
}

/** True for the resource of that scope itself, and for all below it. */
export function isWithin(resource: string, scope: string): boolean {
  const above = scope.toLowerCase().replace(/\/+$/, '');
  const below = resource.toLowerCase();
  return below === above || below.startsWith(`${above}/`);
}

export function serverIdOf({ subscriptionId, resourceGroup, name }: ServerRow): string {
  return serverId({ subscriptionId, resourceGroup, serverName: name });
}

/** ARM id of an action group, a rule or an alert processing rule. */
export function monitorResourceId({
  type,
  subscriptionId,
  resourceGroup,
  name,
}: Omit<MonitorRow, 'properties'>): string {
  const provider = type === 'actionRules' ? 'Microsoft.AlertsManagement' : 'Microsoft.Insights';
  return `${resourceGroupId(subscriptionId, resourceGroup)}/providers/${provider}/${type}/${name}`;
}

/** What an id of an action group names; undefined for any other id. */
export function actionGroupKey(
  id: string,
): { type: 'actionGroups'; subscriptionId: string; resourceGroup: string; name: string } | undefined {
  const parsed = parseResourceId(id);
  const [segment] = parsed?.segments ?? [];
  if (!parsed?.resourceGroup || parsed.segments.length !== 1 || !segment) return undefined;
  if (parsed.namespace?.toLowerCase() !== 'microsoft.insights' || segment.type.toLowerCase() !== 'actiongroups') {
    return undefined;
  }
  const { subscriptionId, resourceGroup } = parsed;
  return { type: 'actionGroups', subscriptionId, resourceGroup, name: segment.name };
}
