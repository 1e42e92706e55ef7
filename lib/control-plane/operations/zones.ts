import { ArmError } from '../../arm/error.ts';
import { findRegion } from '../../rules/regions.ts';
import type { Database } from '../store/database.ts';
import { findLostZone, type Place } from '../store/lost-zones.ts';

/** `Zone 1 of West Europe` */
export function zoneWords({ location }: Pick<Place, 'location'>, zone: string): string {
  return `Zone ${zone} of ${findRegion(location)?.displayName ?? location}`;
}

export function isZoneLost(database: Database, place: Place, zone: string): boolean {
  return findLostZone(database, place, zone) !== undefined;
}

/** @throws {ArmError} 409 ZoneLost while somebody has lost the zone on purpose: nothing starts there. */
export function refuseLostZone(database: Database, place: Place, zone: string, target?: string): void {
  if (!isZoneLost(database, place, zone)) return;
  const message = `${zoneWords(place, zone)} is lost: somebody rehearses its loss. Bring the zone back, or choose another one.`;
  throw new ArmError('ZoneLost', 409, message, target === undefined ? {} : { target });
}
