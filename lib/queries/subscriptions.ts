import type { ResourceGroup } from '../arm/resources/resource-group.ts';
import type { Location, Subscription } from '../arm/resources/subscription.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

const SELDOM = 5 * 60_000;

/** Subscriptions that the person may see. */
export function subscriptionsQuery() {
  return { ...readQuery<Subscription[]>(apiPaths.subscriptions()), staleTime: SELDOM };
}

/** Regions of a subscription with their zones; nothing is asked while the subscription is not known (''). */
export function locationsQuery(subscriptionId: string) {
  return {
    ...readQuery<Location[]>(apiPaths.locations(subscriptionId)),
    enabled: subscriptionId !== '',
    staleTime: SELDOM,
  };
}

/** Resource groups of a subscription; nothing is asked while the subscription is not known (''). */
export function resourceGroupsQuery(subscriptionId: string) {
  return { ...readQuery<ResourceGroup[]>(apiPaths.resourceGroups(subscriptionId)), enabled: subscriptionId !== '' };
}
