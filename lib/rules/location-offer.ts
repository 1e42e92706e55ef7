import type { CapabilitySet } from '../arm/mysql/capabilities.ts';
import { findSku, TIERS, type Sku, type Tier } from './skus.ts';
import { BACKUP_RETENTION_DAYS, STORAGE_LIMITS } from './storage.ts';

/** What a location offers, from its capabilities: nothing else may be chosen in a form. */
export interface LocationOffer {
  /** Newest first. */
  versions: string[];
  /** Sizes by tier, smallest first; tiers without a size are not offered. */
  editions: Edition[];
  /** Where a geo-redundant backup would go; empty when there is none. */
  geoBackupRegions: string[];
}

export interface Edition {
  tier: Tier;
  sizes: OfferedSize[];
  storage: { minGiB: number; maxGiB: number };
  backupRetentionDays: { min: number; max: number };
}

export interface OfferedSize {
  sku: Sku;
  zones: string[];
  highAvailabilityModes: HighAvailabilityMode[];
}

export type HighAvailabilityMode = 'SameZone' | 'ZoneRedundant';

const HA_MODES: readonly string[] = ['SameZone', 'ZoneRedundant'] satisfies HighAvailabilityMode[];

/** Reads a capability set; editions and sizes with names that are not known here are left out: nothing is known of them. */
export function locationOffer(capabilities: CapabilitySet): LocationOffer {
  const { supportedFlexibleServerEditions, supportedServerVersions, supportedGeoBackupRegions } =
    capabilities.properties;
  const editions = (supportedFlexibleServerEditions ?? []).flatMap((edition): Edition[] => {
    const tier = TIERS.find((known) => known === edition.name);
    if (!tier) return [];
    const storage = edition.supportedStorageEditions?.[0];
    const sizes = (edition.supportedSkus ?? []).flatMap((offered): OfferedSize[] => {
      const sku = findSku(offered.name);
      if (!sku) return [];
      return [
        {
          sku: { ...sku, tier, maxIops: offered.supportedIops ?? sku.maxIops },
          zones: offered.supportedZones?.filter((zone) => zone !== 'none') ?? [],
          highAvailabilityModes: (offered.supportedHAMode ?? []).filter((mode) =>
            HA_MODES.includes(mode),
          ) as HighAvailabilityMode[],
        },
      ];
    });
    if (sizes.length === 0) return [];
    return [
      {
        tier,
        sizes: sizes.toSorted((a, b) => a.sku.vCores - b.sku.vCores || a.sku.memoryGiB - b.sku.memoryGiB),
        storage: {
          minGiB: Math.ceil((storage?.minStorageSize ?? STORAGE_LIMITS[tier].minGiB * 1024) / 1024),
          maxGiB: Math.floor((storage?.maxStorageSize ?? STORAGE_LIMITS[tier].maxGiB * 1024) / 1024),
        },
        backupRetentionDays: {
          min: storage?.minBackupRetentionDays ?? BACKUP_RETENTION_DAYS.min,
          max: storage?.maxBackupRetentionDays ?? BACKUP_RETENTION_DAYS.max,
        },
      },
    ];
  });
  return {
    versions: (supportedServerVersions ?? []).map(({ name }) => name).toSorted(newestFirst),
    editions: TIERS.flatMap((tier) => editions.filter((edition) => edition.tier === tier)),
    geoBackupRegions: supportedGeoBackupRegions ?? [],
  };
}

function newestFirst(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let part = 0; part < Math.max(left!.length, right!.length); part += 1) {
    const difference = (right![part] ?? 0) - (left![part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function findEdition(offer: LocationOffer, tier: string): Edition | undefined {
  return offer.editions.find((edition) => edition.tier === tier);
}

export function findOfferedSize(offer: LocationOffer, skuName: string): OfferedSize | undefined {
  const wanted = skuName.toLowerCase();
  return offer.editions.flatMap(({ sizes }) => sizes).find(({ sku }) => sku.name.toLowerCase() === wanted);
}
