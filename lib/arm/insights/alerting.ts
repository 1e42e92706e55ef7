import { serverId, type ServerKey } from '../resource-id.ts';

/** What both sides say of alerts, apart from the schemas, so that the browser gets these words alone. */

export const METRIC_ALERTS_API_VERSION = '2018-03-01';
export const ACTION_GROUPS_API_VERSION = '2023-01-01';
/** Of Microsoft.AlertsManagement/actionRules. */
export const ALERT_PROCESSING_RULES_API_VERSION = '2021-08-08';

export const SINGLE_RESOURCE_CRITERIA = 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria';
export const MULTIPLE_RESOURCE_CRITERIA = 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria';

/** One request that changes a rule, an action group or an alert processing rule. */
export interface AlertRequest {
  method: 'PUT' | 'DELETE';
  resourceId: string;
  apiVersion: string;
  body?: Record<string, unknown>;
}

/** Whether one of these scopes is the server, its group or its subscription. */
export function watches(scopes: readonly string[], key: ServerKey): boolean {
  const server = serverId(key).toLowerCase();
  return scopes.some((scope) => {
    const above = scope.toLowerCase().replace(/\/+$/, '');
    return server === above || server.startsWith(`${above}/`);
  });
}
