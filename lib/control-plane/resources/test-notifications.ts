import type { NotificationRequest } from '../../arm/insights/action-groups.ts';
import { SINGLE_RESOURCE_CRITERIA } from '../../arm/insights/alerting.ts';
import { serverId } from '../../arm/resource-id.ts';
import { enqueue } from '../alerts/fire.ts';
import { alertContext } from '../alerts/payloads.ts';
import { monitorResourceId } from '../alerts/rule.ts';
import { listDeliveriesOf, type AlertDelivery } from '../store/alert-deliveries.ts';
import { transaction } from '../store/database.ts';
import type { MonitorRow } from '../store/monitor-resources.ts';
import { childNotFound, invalidParameter } from './refusals.ts';
import type { Resources } from './resources.ts';

const STATUS: Record<AlertDelivery['status'], string> = {
  Pending: 'InProgress',
  Delivered: 'Completed',
  Failed: 'Failed',
};

/**
 * Puts a test notification for each of the receivers in the outbox: an alert that never was, and says so.
 *
 * @returns what its result is asked for with.
 */
export function sendTest(
  { control }: Resources,
  group: MonitorRow,
  receivers: NotificationRequest,
  askedBy: string,
): string {
  const { database, clock, newId, wake } = control.world;
  if (receivers.alertType.toLowerCase() !== 'metricstaticthreshold') {
    throw invalidParameter(
      'alertType',
      `Alerts here are on metrics with a fixed threshold: send metricstaticthreshold.`,
    );
  }
  const now = clock.now();
  const id = newId();
  const properties = {
    severity: 3,
    enabled: true,
    scopes: [],
    windowSize: 'PT5M',
    evaluationFrequency: 'PT1M',
    criteria: { 'odata.type': SINGLE_RESOURCE_CRITERIA },
  };
  const criterion = {
    name: 'test',
    metricName: 'cpu_percent',
    timeAggregation: 'Average',
    operator: 'GreaterThan',
    threshold: 80,
  } as const;
  const { subscriptionId, resourceGroup } = group;
  const count = transaction(database, () =>
    enqueue({ database, newId }, receivers, {
      groupId: group.id,
      alertId: null,
      notificationId: id,
      at: now,
      payload: {
        alertId: id,
        isTest: true,
        ruleName: 'Test of an action group',
        ruleResourceId: monitorResourceId(group),
        description: `${askedBy} tests this action group. No server is in trouble.`,
        severity: 3,
        monitorCondition: 'Fired',
        target: serverId({ subscriptionId, resourceGroup, serverName: 'test-server' }),
        firedAt: now,
        resolvedAt: null,
        context: alertContext(properties, [criterion], [81], { from: now - 300_000, to: now }),
        customProperties: {},
      },
    }),
  );
  if (count === 0) throw invalidParameter('webhookReceivers', 'Name at least one receiver to test.');
  wake();
  return id;
}

/** `TestNotificationDetailsResponse`. @throws {ArmError} ResourceNotFound 404. */
export function testResult({ control }: Resources, notificationId: string) {
  const deliveries = listDeliveriesOf(control.world.database, { notificationId });
  const [first] = deliveries;
  if (!first) throw childNotFound('Microsoft.Insights/actionGroups/notificationStatus', notificationId);
  const ended = deliveries.every(({ status }) => status !== 'Pending');
  const iso = (time: number) => new Date(time).toISOString();
  return {
    context: {
      notificationSource: 'Microsoft.Insights/TestNotification',
      contextType: 'Microsoft.Insights/MetricStaticThreshold',
    },
    state: ended ? 'Complete' : 'InProgress',
    createdTime: iso(first.createdAt),
    ...(ended && { completedTime: iso(Math.max(...deliveries.map(({ endedAt }) => endedAt ?? 0))) }),
    actionDetails: deliveries.map(({ receiverKind, receiver, status, endedAt, detail }) => ({
      MechanismType: receiverKind,
      Name: (receiver as { name: string }).name,
      Status: STATUS[status],
      SubState: 'Default',
      ...(endedAt !== null && { SendTime: iso(endedAt) }),
      ...(detail !== null && { Detail: detail }),
    })),
  };
}
