import {
  ACTION_GROUPS_API_VERSION,
  ALERT_PROCESSING_RULES_API_VERSION,
  METRIC_ALERTS_API_VERSION,
  type AlertRequest,
} from '../arm/insights/alerting.ts';
import type { ActionGroup } from '../arm/insights/action-groups.ts';
import type { MetricAlert, MetricAlertProperties } from '../arm/insights/metric-alerts.ts';
import { resourceGroupId, serverId, type ServerKey } from '../arm/resource-id.ts';
import { azDeleteAlerting, azPutActionGroup, azPutAlertRule, azRest } from './alert-commands.ts';
import type { ChangeDescription, ChangeRequest } from './change-description.ts';
import { OPERATORS, SEVERITIES, type AlertOperator } from './alerts.ts';
import { AGGREGATION_LABELS } from './metric-values.ts';

/** Changes of alert rules, action groups and mutings in the words of the change review. */

export type AlertChange = ChangeDescription & { method: 'PUT' | 'DELETE'; further?: ChangeRequest[] };

export function alertRuleId(key: ServerKey, name: string): string {
  return `${resourceGroupId(key.subscriptionId, key.resourceGroup)}/providers/Microsoft.Insights/metricAlerts/${name}`;
}

export function actionGroupId(key: ServerKey, name: string): string {
  return `${resourceGroupId(key.subscriptionId, key.resourceGroup)}/providers/Microsoft.Insights/actionGroups/${name}`;
}

/** `Average of cpu_percent greater than 80`, for each criterion. */
export function conditionWords({ criteria }: Pick<MetricAlertProperties, 'criteria'>): string {
  return (criteria.allOf ?? [])
    .map(({ timeAggregation, metricName, operator, threshold }) => {
      const words = OPERATORS[operator as AlertOperator] ?? operator;
      const summed = AGGREGATION_LABELS[timeAggregation] ?? timeAggregation;
      return `${summed} of ${metricName} ${words} ${threshold ?? 'what is usual'}`;
    })
    .join(' and ');
}

/** `5 minutes`: of the few durations that rules take. */
export function durationWords(iso: string): string {
  const [, count = '', unit = ''] = /^PT?(\d+)([MHD])$/.exec(iso) ?? [];
  const name = { M: 'minute', H: 'hour', D: 'day' }[unit];
  return name ? `${count} ${name}${count === '1' ? '' : 's'}` : iso;
}

/** @param rule the rule as it is; undefined for a new one. */
export function describePutAlertRule(
  id: string,
  properties: MetricAlertProperties,
  rule: Pick<MetricAlert, 'properties' | 'tags'> | undefined,
): AlertChange {
  const before = rule?.properties;
  const names = (of: MetricAlertProperties) =>
    (of.actions ?? []).map(({ actionGroupId: group }) => group.split('/').at(-1)).join(', ') || 'nobody';
  const rows: [string, (of: MetricAlertProperties) => string][] = [
    ['Condition', conditionWords],
    ['Over', ({ windowSize }) => durationWords(windowSize)],
    ['Every', ({ evaluationFrequency }) => durationWords(evaluationFrequency)],
    ['Severity', ({ severity }) => `${severity} (${SEVERITIES[severity]})`],
    ['Tells', names],
    ['Resolves', ({ autoMitigate }) => (autoMitigate === false ? 'never by itself' : 'by itself')],
    ['Description', ({ description }) => description || 'none'],
    ['Rule', ({ enabled }) => (enabled ? 'enabled' : 'disabled')],
  ];
  const changes = rows
    .map(([label, words]) => ({ label, from: before ? words(before) : null, to: words(properties) }))
    .filter(({ from, to }) => from !== to);
  const request = alertRuleRequest(id, properties, rule?.tags);
  return { ...withCommand(request, azPutAlertRule(id, properties, before)), changes };
}

/** The request alone. @param tags those that it has: a PUT replaces them too. */
export function alertRuleRequest(
  id: string,
  properties: MetricAlertProperties,
  tags?: MetricAlert['tags'],
): AlertRequest {
  const body = { location: 'global', ...(tags && Object.keys(tags).length > 0 && { tags }), properties };
  return { resourceId: id, apiVersion: METRIC_ALERTS_API_VERSION, method: 'PUT', body };
}

/** With the same on the command line. @param command undefined where the CLI has none that says this. */
function withCommand<Request extends AlertRequest>(
  request: Request,
  command: string | undefined,
): Request & { azCommand: string } {
  return { ...request, azCommand: command ?? azRest(request) };
}

/** Several rules at once. */
export function describePutAlertRules(
  rules: readonly { id: string; properties: MetricAlertProperties }[],
): AlertChange | undefined {
  const [first, ...others] = rules.map(({ id, properties }) =>
    withCommand(alertRuleRequest(id, properties), azPutAlertRule(id, properties, undefined)),
  );
  if (!first) return undefined;
  const changes = rules.map(({ id, properties }) => ({
    label: id.split('/').at(-1)!,
    from: null,
    to: `${conditionWords(properties)} over ${durationWords(properties.windowSize)}`,
  }));
  return { ...first, changes, further: others };
}

/** The request alone. @param tags those that it has: a PUT replaces them too. */
export function actionGroupRequest(
  id: string,
  properties: ActionGroup['properties'],
  tags?: ActionGroup['tags'],
): AlertRequest {
  const body = { location: 'Global', ...(tags && Object.keys(tags).length > 0 && { tags }), properties };
  return { resourceId: id, apiVersion: ACTION_GROUPS_API_VERSION, method: 'PUT', body };
}

/** @param group the group as it is; undefined for a new one. */
export function describePutActionGroup(
  id: string,
  properties: ActionGroup['properties'],
  group: Pick<ActionGroup, 'properties' | 'tags'> | undefined,
): AlertChange {
  const before = group?.properties;
  const to = receiverWords(properties);
  const changes = [{ label: 'Receivers', from: before ? receiverWords(before) : null, to }];
  const request = actionGroupRequest(id, properties, group?.tags);
  return { ...withCommand(request, azPutActionGroup(id, properties, before)), changes };
}

/** Where a group's notifications go. */
export function receiverWords({ webhookReceivers, emailReceivers }: ActionGroup['properties']): string {
  const addresses = [
    ...(webhookReceivers ?? []).map(({ serviceUri }) => serviceUri),
    ...(emailReceivers ?? []).map(({ emailAddress }) => emailAddress),
  ];
  return addresses.join(', ') || 'nobody';
}

/** @param until UTC, to the second; null: until it is unmuted. */
export function muteRequest(key: ServerKey, until: string | null): AlertRequest {
  const group = resourceGroupId(key.subscriptionId, key.resourceGroup);
  const body = {
    location: 'Global',
    properties: {
      scopes: [serverId(key)],
      actions: [{ actionType: 'RemoveAllActionGroups' }],
      ...(until && { schedule: { effectiveUntil: until, timeZone: 'UTC' } }),
      description: 'Muted from the Alerts blade.',
      enabled: true,
    },
  };
  const resourceId = `${group}/providers/Microsoft.AlertsManagement/actionRules/mute-${key.serverName}`;
  return { resourceId, apiVersion: ALERT_PROCESSING_RULES_API_VERSION, method: 'PUT', body };
}

export function describeMute(key: ServerKey, until: string | null): AlertChange {
  const to = until ? `kept back until ${until.replace('T', ' ')} UTC` : 'kept back until unmuted';
  // The CLI's own command for it is an extension's.
  return {
    ...withCommand(muteRequest(key, until), undefined),
    changes: [{ label: 'Notifications', from: 'sent', to }],
  };
}

export function deleteRequest(id: string, apiVersion: string): AlertRequest {
  return { resourceId: id, apiVersion, method: 'DELETE' };
}

/** @param words "Alert rule", what it is. */
export function describeDelete(id: string, apiVersion: string, words: string): AlertChange {
  const changes = [{ label: words, from: id.split('/').at(-1)!, to: 'deleted' }];
  return { ...withCommand(deleteRequest(id, apiVersion), azDeleteAlerting(id)), changes };
}
