import { ActionGroup, NotificationDetails } from '../arm/insights/action-groups.ts';
import { Alert, AlertHistory, AlertProcessingRule, type AlertState } from '../arm/insights/alerts.ts';
import { MetricAlert } from '../arm/insights/metric-alerts.ts';
import { ArmError } from '../arm/error.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import { NotificationChannel } from '../arm/local/notification-channel.ts';
import { AlertPreview, type AlertPreviewRequest } from '../arm/local/alert-preview.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import {
  ACTION_GROUPS_API_VERSION,
  ALERT_PROCESSING_RULES_API_VERSION,
  METRIC_ALERTS_API_VERSION,
  watches,
  type AlertRequest,
} from '../arm/insights/alerting.ts';
import * as z from 'zod';
import type { ArmClient, Begun } from './client.ts';
import { serverPath } from './servers.ts';

const ALERTS_API_VERSION = '2019-05-05-preview';
const IS_ALERTING =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.(Insights\/(metricAlerts|actionGroups)|AlertsManagement\/actionRules)\/[^/]+$/i;

const below = (subscriptionId: string, type: string) =>
  `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/${type}`;

/** Alerts of the last 30 days, and those that are still fired. @param key of one server; without, of all. @throws {ArmError} */
export function listAlerts(
  arm: ArmClient,
  subscriptionId: string,
  { key, fired }: { key?: ServerKey; fired?: boolean } = {},
): Promise<Alert[]> {
  const query = new URLSearchParams({ timeRange: '30d', pageCount: '250' });
  if (key) query.set('targetResource', serverId(key));
  if (fired) query.set('monitorCondition', 'Fired');
  return arm.list(`${below(subscriptionId, 'Microsoft.AlertsManagement/alerts')}?${query}`, ALERTS_API_VERSION, Alert);
}

/** @param alertId the GUID. @throws {ArmError} */
export function readAlertHistory(arm: ArmClient, subscriptionId: string, alertId: string): Promise<AlertHistory> {
  const path = `${below(subscriptionId, 'Microsoft.AlertsManagement/alerts')}/${encodeURIComponent(alertId)}/history`;
  return arm.get(path, ALERTS_API_VERSION, AlertHistory);
}

/** The rules that watch a server. @throws {ArmError} */
export async function listAlertRules(arm: ArmClient, key: ServerKey): Promise<MetricAlert[]> {
  const path = below(key.subscriptionId, 'Microsoft.Insights/metricAlerts');
  const rules = await arm.list(path, METRIC_ALERTS_API_VERSION, MetricAlert);
  return rules.filter(({ properties }) => watches(properties.scopes, key));
}

/** @throws {ArmError} */
export function listActionGroups(arm: ArmClient, subscriptionId: string): Promise<ActionGroup[]> {
  return arm.list(below(subscriptionId, 'Microsoft.Insights/actionGroups'), ACTION_GROUPS_API_VERSION, ActionGroup);
}

/** What receivers can be; null where the cloud is not one of Flexdeck's own. @throws {ArmError} */
export async function listNotificationChannels(
  arm: ArmClient,
  subscriptionId: string,
): Promise<NotificationChannel[] | null> {
  const path = below(subscriptionId, `${FLEXDECK_LOCAL}/notificationChannels`);
  return unlessUnknown(arm.list(path, FLEXDECK_LOCAL_VERSION, NotificationChannel));
}

/** Alert processing rules that hold for a server. @throws {ArmError} */
export async function listMutings(arm: ArmClient, key: ServerKey): Promise<AlertProcessingRule[]> {
  const path = below(key.subscriptionId, 'Microsoft.AlertsManagement/actionRules');
  const rules = await arm.list(path, ALERT_PROCESSING_RULES_API_VERSION, AlertProcessingRule);
  return rules.filter(({ properties }) => watches(properties.scopes, key));
}

/** What a rule would have done; null where the cloud cannot say. @throws {ArmError} */
export async function previewAlert(
  arm: ArmClient,
  key: ServerKey,
  request: AlertPreviewRequest,
): Promise<AlertPreview | null> {
  const path = `${serverPath(key)}/providers/${FLEXDECK_LOCAL}/alertPreviews`;
  return unlessUnknown(arm.post(path, FLEXDECK_LOCAL_VERSION, request, AlertPreview));
}

/** Null where Azure has no such provider. */
export async function unlessUnknown<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (failure) {
    const isUnknown = /^Invalid(ResourceNamespace|ResourceType)|^NoRegisteredProvider/;
    if (failure instanceof ArmError && isUnknown.test(failure.code)) return null;
    throw failure;
  }
}

/** Sends a change that the change review has shown. @throws {ArmError} */
export async function sendAlertChange(
  arm: ArmClient,
  { method, resourceId, apiVersion, body }: AlertRequest,
): Promise<Begun> {
  if (!IS_ALERTING.test(resourceId)) {
    throw new ArmError(
      'InvalidResourceId',
      400,
      `'${resourceId}' is no alert rule, action group or alert processing rule.`,
    );
  }
  return arm.begin(method, encodeId(resourceId), apiVersion, body);
}

/** @throws {ArmError} */
export async function changeAlertState(arm: ArmClient, alertId: string, state: AlertState): Promise<void> {
  await arm.begin('POST', `${encodeId(alertId)}/changestate?newState=${state}`, ALERTS_API_VERSION);
}

/** Begins a test of all receivers of a group. @throws {ArmError} */
export function beginTestNotifications(arm: ArmClient, group: ActionGroup): Promise<Begun> {
  const { webhookReceivers, emailReceivers } = group.properties;
  const body = { alertType: 'metricstaticthreshold', webhookReceivers, emailReceivers };
  return arm.begin('POST', `${encodeId(group.id)}/createNotifications`, ACTION_GROUPS_API_VERSION, body);
}

/** How a test ended. @param statusUrl as the beginning answered. @throws {ArmError} */
export async function readTestNotifications(arm: ArmClient, statusUrl: string): Promise<NotificationDetails> {
  const pathname = URL.parse(statusUrl)?.pathname;
  if (!pathname) throw new ArmError('InvalidAddress', 400, 'This is not the address of a test.');
  return arm.get(pathname, ACTION_GROUPS_API_VERSION, NotificationDetails);
}

/** A new secret, told this once. @throws {ArmError} */
export async function newSigningSecret(arm: ArmClient, groupId: string): Promise<string> {
  const path = `${encodeId(groupId)}/providers/${FLEXDECK_LOCAL}/regenerateSigningSecret`;
  const { secret } = await arm.post(path, FLEXDECK_LOCAL_VERSION, undefined, z.object({ secret: z.string() }));
  return secret;
}

/** An id as a path: names may hold what an address may not. */
function encodeId(id: string): string {
  return id.split('/').map(encodeURIComponent).join('/');
}
