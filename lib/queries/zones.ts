import type { Zone } from '../arm/local/zone.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** Zones of a location of the local cloud. @param location in its short form. */
export function zonesQuery(subscriptionId: string, location: string) {
  return readQuery<Zone[]>(apiPaths.zones(subscriptionId, location));
}
