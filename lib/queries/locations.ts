import type { Location } from '../arm/resources/subscription.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** Regions of a subscription; asked for once one is chosen. */
export function locationsQuery(subscriptionId: string) {
  return {
    ...readQuery<Location[]>(apiPaths.locations(subscriptionId)),
    enabled: subscriptionId !== '',
    staleTime: 30 * 60_000,
  };
}
