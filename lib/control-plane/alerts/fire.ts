import type { ActionGroup, EmailReceiver, WebhookReceiver } from '../../arm/insights/action-groups.ts';
import type { MetricAlertProperties } from '../../arm/insights/metric-alerts.ts';
import { insertAlertDelivery } from '../store/alert-deliveries.ts';
import { findAlert, insertAlert, insertAlertEvent, setAlertResolved, type AlertRow } from '../store/alerts.ts';
import type { Database } from '../store/database.ts';
import { findMonitorResource, listMonitorResources } from '../store/monitor-resources.ts';
import type { ServerRow } from '../store/servers.ts';
import type { AlertContext, Notification } from './payloads.ts';
import { actionGroupKey, monitorResourceId, serverIdOf, type MetricAlertRow } from './rule.ts';
import { suppresses, type ProcessingRuleProperties } from './suppression.ts';

/** Who resolves and fires, in an alert's history. */
const SYSTEM = 'System';

type ActionGroupProperties = ActionGroup['properties'];

interface Write {
  database: Database;
  newId(): string;
}

/** Records a fired alert and puts its notifications in the outbox; in the caller's transaction. @returns its id. */
export function fireAlert(
  { database, newId }: Write,
  { rule, server, context, at }: { rule: MetricAlertRow; server: ServerRow; context: AlertContext; at: number },
): string {
  const alert: AlertRow = {
    id: newId(),
    ruleId: rule.id,
    ruleResourceId: monitorResourceId(rule),
    ruleName: rule.name,
    subscriptionId: server.subscriptionId,
    resourceGroup: server.resourceGroup,
    serverId: server.id,
    target: serverIdOf(server),
    description: rule.properties.description ?? '',
    severity: rule.properties.severity,
    monitorCondition: 'Fired',
    state: 'New',
    suppressed: false,
    firedAt: at,
    resolvedAt: null,
    modifiedAt: at,
    modifiedBy: SYSTEM,
    context,
  };
  alert.suppressed = isSuppressed(database, alert, at);
  insertAlert(database, alert);
  insertAlertEvent(database, alert.id, {
    at,
    event: 'AlertCreated',
    oldValue: '',
    newValue: 'Fired',
    by: SYSTEM,
    comments: alert.suppressed ? 'Its notifications were kept back: it is muted.' : '',
  });
  if (!alert.suppressed) notify({ database, newId }, alert, rule.properties.actions, at);
  return alert.id;
}

/**
 * Ends an alert that is fired; in the caller's transaction. Does nothing to one that has ended. Who was not told of its
 * beginning is not told of its end.
 *
 * @param actions of the rule, as it is or was.
 * @param comments why, where it is not that the condition is no longer met.
 */
export function resolveAlert(
  { database, newId }: Write,
  alert: AlertRow,
  { actions, at, comments = '' }: { actions: MetricAlertProperties['actions']; at: number; comments?: string },
): void {
  if (alert.monitorCondition === 'Resolved') return;
  setAlertResolved(database, alert.id, at, SYSTEM);
  insertAlertEvent(database, alert.id, {
    at,
    event: 'MonitorConditionChange',
    oldValue: 'Fired',
    newValue: 'Resolved',
    by: SYSTEM,
    comments,
  });
  const resolved = findAlert(database, alert.subscriptionId, alert.id)!;
  if (!alert.suppressed && !isSuppressed(database, resolved, at)) notify({ database, newId }, resolved, actions, at);
}

function isSuppressed(database: Database, alert: AlertRow, now: number): boolean {
  return listMonitorResources<ProcessingRuleProperties>(database, 'actionRules').some(({ properties }) =>
    suppresses(properties, alert, now),
  );
}

function notify(
  { database, newId }: Write,
  alert: AlertRow,
  actions: MetricAlertProperties['actions'],
  at: number,
): void {
  for (const { actionGroupId, webHookProperties } of actions ?? []) {
    const key = actionGroupKey(actionGroupId);
    const group = key && findMonitorResource<ActionGroupProperties>(database, key);
    if (!group || group.properties.enabled === false) continue;
    enqueue({ database, newId }, group.properties, {
      groupId: group.id,
      alertId: alert.id,
      notificationId: null,
      payload: notificationOf(alert, webHookProperties ?? {}),
      at,
    });
  }
}

/** Puts one notification for each receiver in the outbox. @returns how many. */
export function enqueue(
  { database, newId }: Write,
  receivers: { webhookReceivers?: WebhookReceiver[] | null; emailReceivers?: EmailReceiver[] | null },
  {
    groupId,
    alertId,
    notificationId,
    payload,
    at,
  }: { groupId: string; alertId: string | null; notificationId: string | null; payload: Notification; at: number },
): number {
  const all = [
    ...(receivers.webhookReceivers ?? []).map((receiver) => ({ receiverKind: 'Webhook' as const, receiver })),
    ...(receivers.emailReceivers ?? []).map((receiver) => ({ receiverKind: 'Email' as const, receiver })),
  ];
  for (const each of all) {
    insertAlertDelivery(database, { id: newId(), alertId, notificationId, groupId, payload, createdAt: at, ...each });
  }
  return all.length;
}

function notificationOf(alert: AlertRow, customProperties: Record<string, string>): Notification {
  const { id, ruleName, ruleResourceId, description, severity, monitorCondition, target, firedAt, resolvedAt } = alert;
  return {
    alertId: id,
    ruleName,
    ruleResourceId,
    description,
    severity,
    monitorCondition,
    target,
    firedAt,
    resolvedAt,
    context: alert.context as AlertContext,
    customProperties,
  };
}
