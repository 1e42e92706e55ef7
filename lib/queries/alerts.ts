import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { ActionGroup, NotificationDetails } from '../arm/insights/action-groups.ts';
import type { Alert, AlertHistory, AlertProcessingRule } from '../arm/insights/alerts.ts';
import type { MetricAlert } from '../arm/insights/metric-alerts.ts';
import type { AlertPreview, AlertPreviewRequest } from '../arm/local/alert-preview.ts';
import type { NotificationChannel } from '../arm/local/notification-channel.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { ask, keyOf, readQuery } from './client.ts';

const OFTEN = 15_000;

/** What fired for a server in the last 30 days. */
export function alertsQuery(key: ServerKey) {
  return { ...readQuery<Alert[]>(apiPaths.alerts(key)), refetchInterval: OFTEN };
}

/** What is fired now in a subscription. */
export function firedAlertsQuery(subscriptionId: string) {
  return { ...readQuery<Alert[]>(apiPaths.firedAlerts(subscriptionId)), refetchInterval: 30_000 };
}

export function alertHistoryQuery(key: ServerKey, alertId: string) {
  return { ...readQuery<AlertHistory>(apiPaths.alertHistory(key, alertId)), refetchInterval: OFTEN };
}

/** The rules that watch a server. */
export function alertRulesQuery(key: ServerKey) {
  return readQuery<MetricAlert[]>(apiPaths.alertRules(key));
}

/** What keeps a server's notifications back. */
export function mutingsQuery(key: ServerKey) {
  return readQuery<AlertProcessingRule[]>(apiPaths.mutings(key));
}

export function actionGroupsQuery(subscriptionId: string) {
  return readQuery<ActionGroup[]>(apiPaths.actionGroups(subscriptionId));
}

/** What receivers of an action group can be; null where the cloud does not say. */
export function notificationChannelsQuery(subscriptionId: string) {
  return readQuery<NotificationChannel[] | null>(apiPaths.notificationChannels(subscriptionId));
}

/** What a rule would have done; null where the cloud cannot say. */
export function alertPreviewQuery(key: ServerKey, request: AlertPreviewRequest) {
  return queryOptions({
    queryKey: [...keyOf(apiPaths.alertPreview(key)), request],
    queryFn: () => ask<AlertPreview | null>(apiPaths.alertPreview(key), request),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** How a test of an action group goes. */
export function testResultQuery(statusUrl: string) {
  return {
    ...readQuery<NotificationDetails>(apiPaths.notificationStatus(statusUrl)),
    refetchInterval: ({ state }: { state: { data?: NotificationDetails | undefined } }) =>
      state.data && state.data.state !== 'InProgress' ? false : 1000,
  };
}
