import { ActivityEvent } from '../arm/insights/activity-log.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import type { ArmClient } from './client.ts';

/** Microsoft.Insights/eventtypes/management/values. */
const API_VERSION = '2015-04-01';

/**
 * What happened to a server and what lies under it, newest first.
 *
 * @param from the earliest moment; ARM keeps 90 days.
 * @throws {ArmError}
 */
export function listActivity(arm: ArmClient, key: ServerKey, from: Date, to: Date): Promise<ActivityEvent[]> {
  // A quote in a name would end the filter's string; ARM doubles it, as OData does.
  const resource = serverId(key).replaceAll("'", "''");
  const filter = [
    `eventTimestamp ge '${from.toISOString()}'`,
    `eventTimestamp le '${to.toISOString()}'`,
    `resourceUri eq '${resource}'`,
  ].join(' and ');
  const path = `/subscriptions/${encodeURIComponent(key.subscriptionId)}/providers/Microsoft.Insights/eventtypes/management/values`;
  return arm.list(`${path}?$filter=${encodeURIComponent(filter)}`, API_VERSION, ActivityEvent);
}
