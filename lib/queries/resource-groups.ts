import type { ResourceGroup } from '../arm/resources/resource-group.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** Resource groups of a subscription; nothing is asked while the subscription is not known (''). */
export function resourceGroupsQuery(subscriptionId: string) {
  return { ...readQuery<ResourceGroup[]>(apiPaths.resourceGroups(subscriptionId)), enabled: subscriptionId !== '' };
}
