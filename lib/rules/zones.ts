import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import type { Zone, ZoneKey } from '../arm/local/zone.ts';
import type { ChangeDescription } from './change-description.ts';

/** The location of ids: `West Europe` is `westeurope`. */
export function shortLocation(location: string): string {
  return location.replaceAll(' ', '').toLowerCase();
}

/** `2 primaries, 1 standby` */
export function zoneContents({ properties: { primaries, standbys } }: Zone): string {
  const words = [
    primaries > 0 && `${primaries} ${primaries === 1 ? 'primary' : 'primaries'}`,
    standbys > 0 && `${standbys} ${standbys === 1 ? 'standby' : 'standbys'}`,
  ].filter(Boolean);
  return words.join(', ') || 'nothing';
}

/** Losing a zone on purpose, or bringing it back. */
export function describeZoneChange(
  { subscriptionId, location, zone }: ZoneKey,
  how: 'lose' | 'restore',
): ChangeDescription {
  const resourceId = `/subscriptions/${subscriptionId}/providers/${FLEXDECK_LOCAL}/locations/${location}/zones/${zone}`;
  const [from, to] = how === 'lose' ? ['Available', 'Lost'] : ['Lost', 'Available'];
  return {
    resourceId,
    apiVersion: FLEXDECK_LOCAL_VERSION,
    method: 'POST',
    action: how,
    azCommand: `az rest --method post \\\n  --url '${resourceId}/${how}?api-version=${FLEXDECK_LOCAL_VERSION}'`,
    changes: [{ label: `Zone ${zone}`, from: from!, to: to! }],
    ...(how === 'lose' && {
      restarts:
        'Every server that has its primary in the zone: those with a standby elsewhere fail over, all others cannot be reached until the zone is back.',
    }),
  };
}
