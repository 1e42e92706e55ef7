import type { ResourceGroup } from '../arm/resources/resource-group.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** Resource groups of a subscription; asked for once one is chosen. */
export function resourceGroupsQuery(subscriptionId: string) {
  return {
    ...readQuery<ResourceGroup[]>(apiPaths.resourceGroups(subscriptionId)),
    enabled: subscriptionId !== '',
  };
}
