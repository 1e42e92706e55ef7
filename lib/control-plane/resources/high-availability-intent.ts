import type { ServerForUpdate } from '../../arm/mysql/server.ts';
import { highAvailabilityProblem } from '../../rules/high-availability.ts';
import type { Region } from '../../rules/regions.ts';
import type { Sku } from '../../rules/skus.ts';
import { cannotChange, invalidParameter } from './refusals.ts';
import { requireZone } from './server-requirements.ts';

/** The standby's zone is filled in when the standby is made, where nobody chose it. */
export interface HighAvailability {
  mode: 'Disabled' | 'SameZone' | 'ZoneRedundant';
  standbyAvailabilityZone?: string;
}

type Input = NonNullable<ServerForUpdate['properties']>['highAvailability'];

/**
 * What a request asks of high availability; what it does not say stays as it was.
 *
 * @throws {ArmError} 400, Azure's rules: not on Burstable, storage must grow by itself, zone-redundant means another zone;
 *   a mode changes by way of Disabled.
 */
export function planHighAvailability(
  input: Input,
  server: {
    sku: Sku;
    storage: { autoGrow: 'Enabled' | 'Disabled' };
    availabilityZone: string;
    region: Region;
    before: HighAvailability | undefined;
  },
): HighAvailability {
  const { sku, storage, availabilityZone, region, before } = server;
  const mode = input?.mode ?? before?.mode ?? 'Disabled';
  const zone = input?.standbyAvailabilityZone || undefined;
  if (mode === 'Disabled') {
    // The CLI repeats the zone that it read from the server.
    if (!zone || (input?.mode === 'Disabled' && before !== undefined)) return { mode };
    throw invalidParameter(
      'properties.highAvailability.standbyAvailabilityZone',
      'A standby zone can only be given with high availability. Leave it out.',
    );
  }
  const problem = highAvailabilityProblem(mode, { tier: sku.tier, autoGrow: storage.autoGrow === 'Enabled' });
  if (problem) throw invalidParameter('properties.highAvailability.mode', problem);
  if (before && before.mode !== 'Disabled') {
    if (mode !== before.mode) {
      throw cannotChange(
        'properties.highAvailability.mode',
        `High availability is ${before.mode}. Disable it first, then enable it as ${mode}.`,
      );
    }
    // Templates and the CLI send the zones as they were before a failover: both are the server's.
    if (zone && zone !== before.standbyAvailabilityZone && zone !== availabilityZone) {
      throw cannotChange(
        'properties.highAvailability.standbyAvailabilityZone',
        `The standby is in zone ${before.standbyAvailabilityZone}. Disable high availability first, then enable it with another zone.`,
      );
    }
    return before;
  }
  if (zone) requireZone(zone, region);
  if (mode === 'ZoneRedundant' && zone === availabilityZone) {
    throw invalidParameter(
      'properties.highAvailability.standbyAvailabilityZone',
      `With zone-redundant high availability the standby must be in another zone than the server, which is in zone ${availabilityZone}.`,
    );
  }
  if (mode === 'SameZone' && zone && zone !== availabilityZone) {
    throw invalidParameter(
      'properties.highAvailability.standbyAvailabilityZone',
      `With same-zone high availability the standby is in the server's zone ${availabilityZone}.`,
    );
  }
  return { mode, ...(zone && { standbyAvailabilityZone: zone }) };
}
