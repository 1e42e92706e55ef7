import type { MetricAlertProperties } from '../../arm/insights/metric-alerts.ts';
import { METRIC_NAMESPACE } from '../metrics/catalog.ts';
import { serverKeyOf, SERVER_TYPE } from '../../arm/resource-id.ts';
import { durationWords } from '../../rules/alert-changes.ts';
import { OPERATORS, SEVERITIES } from '../../rules/alerts.ts';
import type { Criterion } from './evaluate.ts';

/** The condition of an alert with the values that met it: `condition` of the common alert schema, 2.0. */
export interface AlertContext {
  conditionType: string;
  condition: {
    windowSize: string;
    allOf: {
      metricName: string;
      metricNamespace: string;
      operator: string;
      threshold: string;
      timeAggregation: string;
      dimensions: { name: string; value: string }[];
      metricValue: number | null;
    }[];
    windowStartTime: string;
    windowEndTime: string;
  };
}

export function alertContext(
  { windowSize, criteria: { 'odata.type': type } }: MetricAlertProperties,
  criteria: readonly Criterion[],
  values: readonly (number | null)[],
  window: { from: number; to: number },
): AlertContext {
  return {
    conditionType: type.split('.').at(-1)!,
    condition: {
      windowSize,
      allOf: criteria.map(({ metricName, operator, threshold, timeAggregation }, index) => ({
        metricName,
        metricNamespace: METRIC_NAMESPACE,
        operator,
        threshold: String(threshold),
        timeAggregation,
        dimensions: [],
        metricValue: values[index] ?? null,
      })),
      windowStartTime: iso(window.from),
      windowEndTime: iso(window.to),
    },
  };
}

/** What happened, as the outbox keeps it. */
export interface Notification {
  alertId: string;
  ruleName: string;
  ruleResourceId: string;
  description: string;
  severity: number;
  monitorCondition: 'Fired' | 'Resolved';
  target: string;
  firedAt: number;
  resolvedAt: number | null;
  context: AlertContext;
  /** `webHookProperties` of the rule. */
  customProperties: Record<string, string>;
  /** Somebody tries an action group. */
  isTest?: boolean;
}

/** Where a person looks at an alert; undefined for a test, which is about no server. @param portal its origin. */
function investigationLink({ target, alertId, isTest }: Notification, portal: string): string | undefined {
  const key = serverKeyOf(target);
  if (!key || isTest) return undefined;
  const path = [key.subscriptionId, key.resourceGroup, key.serverName].map(encodeURIComponent).join('/');
  return `${portal}/servers/${path}/alerts?pane=alert&of=${encodeURIComponent(alertId)}`;
}

/** ARM id of an alert. */
export function alertResourceId(subscriptionId: string, id: string): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.AlertsManagement/alerts/${id}`;
}

/** The body of a webhook as Azure sends it: the common alert schema, or the older one of metric alerts. */
export function webhookBody(notification: Notification, useCommonAlertSchema: boolean, portal: string): unknown {
  return useCommonAlertSchema ? commonAlert(notification, portal) : metricAlert(notification);
}

function commonAlert(notification: Notification, portal: string): unknown {
  const { alertId, ruleName, severity, monitorCondition, target, firedAt, resolvedAt, description } = notification;
  const { context, customProperties } = notification;
  const key = serverKeyOf(target);
  const link = investigationLink(notification, portal);
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: alertResourceId(key?.subscriptionId ?? '', alertId),
        alertRule: ruleName,
        severity: `Sev${severity}`,
        signalType: 'Metric',
        monitorCondition,
        monitoringService: 'Platform',
        alertTargetIDs: [target.toLowerCase()],
        configurationItems: [key?.serverName ?? target],
        originAlertId: alertId,
        firedDateTime: iso(firedAt),
        ...(resolvedAt !== null && { resolvedDateTime: iso(resolvedAt) }),
        description,
        essentialsVersion: '1.0',
        alertContextVersion: '1.0',
        ...(link !== undefined && { investigationLink: link }),
      },
      alertContext: { properties: customProperties, ...context },
      customProperties,
    },
  };
}

function metricAlert(notification: Notification): unknown {
  const { ruleName, ruleResourceId, severity, monitorCondition, target, description, customProperties } = notification;
  const { conditionType, condition } = notification.context;
  const key = serverKeyOf(target);
  return {
    schemaId: 'AzureMonitorMetricAlert',
    data: {
      version: '2.0',
      status: monitorCondition === 'Fired' ? 'Activated' : 'Deactivated',
      context: {
        timestamp: iso(notification.resolvedAt ?? notification.firedAt),
        id: ruleResourceId,
        name: ruleName,
        description,
        conditionType,
        severity: String(severity),
        condition,
        subscriptionId: key?.subscriptionId,
        resourceGroupName: key?.resourceGroup,
        resourceName: key?.serverName,
        resourceType: SERVER_TYPE,
        resourceId: target,
      },
      properties: customProperties,
    },
  };
}

/** The same for people, by e-mail. */
export function mailText(notification: Notification, portal: string): { subject: string; text: string } {
  const { monitorCondition, severity, ruleName, target, description, firedAt, resolvedAt, context } = notification;
  const server = serverKeyOf(target)?.serverName ?? target;
  const link = investigationLink(notification, portal);
  const { windowSize, windowEndTime } = context.condition;
  const condition = context.condition.allOf.map(({ metricName, timeAggregation, operator, threshold, metricValue }) => {
    const words = OPERATORS[operator as keyof typeof OPERATORS] ?? operator;
    const was = metricValue === null ? 'no data' : String(Math.round(metricValue * 1000) / 1000);
    return `  ${timeAggregation} of ${metricName} ${words} ${threshold} (it was ${was})`;
  });
  const lines = [
    `${ruleName} ${monitorCondition === 'Fired' ? 'has fired' : 'is resolved'} for ${server}.`,
    ...(description ? ['', description] : []),
    '',
    `Severity: ${severity} (${SEVERITIES[severity]})`,
    `Server: ${target}`,
    `Fired: ${utc(firedAt)}`,
    ...(resolvedAt === null ? [] : [`Resolved: ${utc(resolvedAt)}`]),
    `Condition, over ${durationWords(windowSize)} until ${utc(Date.parse(windowEndTime))}:`,
    ...condition,
    ...(link === undefined ? [] : ['', `Look at it: ${link}`]),
  ];
  return { subject: `${monitorCondition}: Sev${severity} ${ruleName} on ${server}`, text: `${lines.join('\n')}\n` };
}

/** `2026-11-22 13:03 UTC`: minutes are what rules count in. */
function utc(time: number): string {
  return `${iso(time).slice(0, 16).replace('T', ' ')} UTC`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
