import type { CapabilitySet, NameAvailability } from '../arm/mysql/capabilities.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** What a location offers; it changes about never while a form is open. */
export function capabilitiesQuery(subscriptionId: string, location: string) {
  return {
    ...readQuery<CapabilitySet>(apiPaths.capabilities(subscriptionId, location)),
    enabled: subscriptionId !== '' && location !== '',
    staleTime: 5 * 60_000,
  };
}

/** Whether a server may have the name: never taken from the cache for long, since others create servers too. */
export function nameAvailabilityQuery(subscriptionId: string, name: string) {
  return { ...readQuery<NameAvailability>(apiPaths.nameAvailability(subscriptionId, name)), staleTime: 5_000 };
}
