import {
  ACTION_GROUPS_API_VERSION,
  ALERT_PROCESSING_RULES_API_VERSION,
  METRIC_ALERTS_API_VERSION,
  type AlertRequest,
} from '../arm/insights/alerting.ts';
import type { ActionGroup } from '../arm/insights/action-groups.ts';
import type { MetricAlertProperties } from '../arm/insights/metric-alerts.ts';
import { resourceGroupId, serverId, type ServerKey } from '../arm/resource-id.ts';
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

/** @param before the rule as it is; undefined for a new one. */
export function describePutAlertRule(
  id: string,
  properties: MetricAlertProperties,
  before: MetricAlertProperties | undefined,
): AlertChange {
  const names = (of: MetricAlertProperties) =>
    (of.actions ?? []).map(({ actionGroupId: group }) => group.split('/').at(-1)).join(', ') || 'nobody';
  const rows: [string, (of: MetricAlertProperties) => string][] = [
    ['Condition', conditionWords],
    ['Over', ({ windowSize }) => durationWords(windowSize)],
    ['Every', ({ evaluationFrequency }) => durationWords(evaluationFrequency)],
    ['Severity', ({ severity }) => `${severity} (${SEVERITIES[severity]})`],
    ['Tells', names],
    ['Rule', ({ enabled }) => (enabled ? 'enabled' : 'disabled')],
  ];
  const changes = rows
    .map(([label, words]) => ({ label, from: before ? words(before) : null, to: words(properties) }))
    .filter(({ from, to }) => from !== to);
  return { ...withCommand(alertRuleRequest(id, properties)), changes };
}

/** The request alone. */
export function alertRuleRequest(id: string, properties: MetricAlertProperties): AlertRequest {
  const body = { location: 'global', properties };
  return { resourceId: id, apiVersion: METRIC_ALERTS_API_VERSION, method: 'PUT', body };
}

/** With the same on the command line. */
function withCommand<Request extends AlertRequest>(request: Request): Request & { azCommand: string } {
  return { ...request, azCommand: rest(request) };
}

/** Several rules at once. */
export function describePutAlertRules(
  rules: readonly { id: string; properties: MetricAlertProperties }[],
): AlertChange | undefined {
  const [first, ...others] = rules.map(({ id, properties }) => withCommand(alertRuleRequest(id, properties)));
  if (!first) return undefined;
  const changes = rules.map(({ id, properties }) => ({
    label: id.split('/').at(-1)!,
    from: null,
    to: `${conditionWords(properties)} over ${durationWords(properties.windowSize)}`,
  }));
  return { ...first, changes, further: others };
}

/** The request alone. */
export function actionGroupRequest(id: string, properties: ActionGroup['properties']): AlertRequest {
  const body = { location: 'Global', properties };
  return { resourceId: id, apiVersion: ACTION_GROUPS_API_VERSION, method: 'PUT', body };
}

/** @param before the group as it is; undefined for a new one. */
export function describePutActionGroup(
  id: string,
  properties: ActionGroup['properties'],
  before: ActionGroup['properties'] | undefined,
): AlertChange {
  const to = receiverWords(properties);
  const changes = [{ label: 'Receivers', from: before ? receiverWords(before) : null, to }];
  return { ...withCommand(actionGroupRequest(id, properties)), changes };
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
  return { ...withCommand(muteRequest(key, until)), changes: [{ label: 'Notifications', from: 'sent', to }] };
}

export function deleteRequest(id: string, apiVersion: string): AlertRequest {
  return { resourceId: id, apiVersion, method: 'DELETE' };
}

/** @param words "Alert rule", what it is. */
export function describeDelete(id: string, apiVersion: string, words: string): AlertChange {
  const changes = [{ label: words, from: id.split('/').at(-1)!, to: 'deleted' }];
  return { ...withCommand(deleteRequest(id, apiVersion)), changes };
}

/** The CLI's own commands take criteria in a language of their own; its REST command takes what is sent. */
function rest({ method, resourceId, apiVersion, body }: AlertRequest): string {
  const lines = [`az rest --method ${method.toLowerCase()}`, `--uri '${resourceId}?api-version=${apiVersion}'`];
  if (body !== undefined) lines.push(`--body '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`);
  return lines.join(' \\\n  ');
}
