import { AvailabilityStatus } from '../arm/insights/health.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient } from './client.ts';
import { serverPath } from './servers.ts';

const API_VERSION = '2020-05-01';
const TYPE = 'Microsoft.ResourceHealth/availabilityStatuses';

/** How a server does and did, the newest first. @throws {ArmError} */
export function listServerHealth(arm: ArmClient, key: ServerKey): Promise<AvailabilityStatus[]> {
  return arm.list(`${serverPath(key)}/providers/${TYPE}`, API_VERSION, AvailabilityStatus);
}

/** How all servers of a subscription do now; of other resources nothing. @throws {ArmError} */
export async function listFleetHealth(arm: ArmClient, subscriptionId: string): Promise<AvailabilityStatus[]> {
  const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/${TYPE}`;
  const all = await arm.list(path, API_VERSION, AvailabilityStatus);
  return all.filter(({ id }) => /\/providers\/Microsoft\.DBforMySQL\/flexibleServers\//i.test(id));
}
