import type { Location } from '../arm/resources/subscription.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** Regions of a subscription with their zones; nothing is asked while the subscription is not known (''). */
export function locationsQuery(subscriptionId: string) {
  return {
    ...readQuery<Location[]>(apiPaths.locations(subscriptionId)),
    enabled: subscriptionId !== '',
    staleTime: 5 * 60_000,
  };
}
