import { resourceGroupId } from '../arm/resource-id.ts';
import { ResourceGroup } from '../arm/resources/resource-group.ts';
import type { ArmClient, Begun } from './client.ts';

export const RESOURCES_API_VERSION = '2021-04-01';

/** Resource groups of a subscription that the person may see. */
export function listResourceGroups(arm: ArmClient, subscriptionId: string): Promise<ResourceGroup[]> {
  return arm.list(
    `/subscriptions/${encodeURIComponent(subscriptionId)}/resourcegroups`,
    RESOURCES_API_VERSION,
    ResourceGroup,
  );
}

/** Makes a resource group, or leaves one that is there as it is but for its tags. Done when it answers. */
export function createResourceGroup(
  arm: ArmClient,
  subscriptionId: string,
  name: string,
  location: string,
): Promise<Begun> {
  return arm.begin(
    'PUT',
    resourceGroupId(encodeURIComponent(subscriptionId), encodeURIComponent(name)),
    RESOURCES_API_VERSION,
    { location },
  );
}
