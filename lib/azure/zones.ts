import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import { Zone, type ZoneKey } from '../arm/local/zone.ts';
import type { ArmClient } from './client.ts';

function listPath(subscriptionId: string, location: string): string {
  const [subscription, place] = [subscriptionId, location].map(encodeURIComponent);
  return `/subscriptions/${subscription}/providers/${FLEXDECK_LOCAL}/locations/${place}/zones`;
}

/** All of a location. @throws {ArmError} */
export function listZones(arm: ArmClient, subscriptionId: string, location: string): Promise<Zone[]> {
  return arm.list(listPath(subscriptionId, location), FLEXDECK_LOCAL_VERSION, Zone);
}

/** Ends what runs in it, or lets it run again. @throws {ArmError} */
export function changeZone(arm: ArmClient, key: ZoneKey, how: 'lose' | 'restore'): Promise<Zone> {
  const path = `${listPath(key.subscriptionId, key.location)}/${encodeURIComponent(key.zone)}/${how}`;
  return arm.post(path, FLEXDECK_LOCAL_VERSION, {}, Zone);
}
