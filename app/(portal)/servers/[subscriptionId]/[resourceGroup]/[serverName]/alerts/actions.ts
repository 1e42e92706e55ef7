'use server';

import type { ActionGroup } from '@/lib/arm/insights/action-groups';
import type { AlertState } from '@/lib/arm/insights/alerts';
import type { MetricAlert, MetricAlertProperties } from '@/lib/arm/insights/metric-alerts';
import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { beginTestNotifications, changeAlertState, newSigningSecret, sendAlertChange } from '@/lib/azure/alerts';
import {
  ACTION_GROUPS_API_VERSION,
  ALERT_PROCESSING_RULES_API_VERSION,
  METRIC_ALERTS_API_VERSION,
} from '@/lib/arm/insights/alerting';
import { actionGroupRequest, alertRuleRequest, deleteRequest, muteRequest } from '@/lib/rules/alert-changes';

export async function putAlertRule(
  token: string,
  id: string,
  properties: MetricAlertProperties,
  tags?: MetricAlert['tags'],
) {
  return armAction(token, (arm) => sendAlertChange(arm, alertRuleRequest(id, properties, tags)));
}

export async function deleteAlertRule(token: string, id: string) {
  return armAction(token, (arm) => sendAlertChange(arm, deleteRequest(id, METRIC_ALERTS_API_VERSION)));
}

export async function putActionGroup(
  token: string,
  id: string,
  properties: ActionGroup['properties'],
  tags?: ActionGroup['tags'],
) {
  return armAction(token, (arm) => sendAlertChange(arm, actionGroupRequest(id, properties, tags)));
}

export async function deleteActionGroup(token: string, id: string) {
  return armAction(token, (arm) => sendAlertChange(arm, deleteRequest(id, ACTION_GROUPS_API_VERSION)));
}

export async function testActionGroup(token: string, group: ActionGroup) {
  return armAction(token, async (arm) => {
    const { operationUrl } = await beginTestNotifications(arm, group);
    return { statusUrl: operationUrl };
  });
}

export async function renewSigningSecret(token: string, groupId: string) {
  return armAction(token, (arm) => newSigningSecret(arm, groupId));
}

export async function setAlertState(token: string, alertId: string, state: AlertState) {
  return armAction(token, (arm) => changeAlertState(arm, alertId, state));
}

export async function muteServer(token: string, key: ServerKey, until: string | null) {
  return armAction(token, (arm) => sendAlertChange(arm, muteRequest(key, until)));
}

export async function unmuteServer(token: string, mutingId: string) {
  return armAction(token, (arm) => sendAlertChange(arm, deleteRequest(mutingId, ALERT_PROCESSING_RULES_API_VERSION)));
}
