import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { CapabilitySet, NameAvailability } from '../arm/mysql/capabilities.ts';
import { MYSQL_NAMESPACE, SERVER_TYPE } from '../arm/resource-id.ts';
import type { ArmClient } from './client.ts';

const provider = (subscriptionId: string) =>
  `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/${MYSQL_NAMESPACE}`;

/** Sizes, storage, versions and zones that a location offers. */
export function getCapabilities(arm: ArmClient, subscriptionId: string, location: string): Promise<CapabilitySet> {
  const path = `${provider(subscriptionId)}/locations/${encodeURIComponent(location)}/capabilitySets/default`;
  return arm.get(path, MYSQL_API_VERSION, CapabilitySet);
}

/** Whether a server may have this name; names are unique over the whole cloud. */
export function checkNameAvailability(arm: ArmClient, subscriptionId: string, name: string): Promise<NameAvailability> {
  const body = { name, type: SERVER_TYPE };
  return arm.post(`${provider(subscriptionId)}/checkNameAvailability`, MYSQL_API_VERSION, body, NameAvailability);
}
