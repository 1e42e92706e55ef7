import { MYSQL_NAMESPACE } from '../../arm/resource-id.ts';
import type { Region } from '../../rules/regions.ts';
import { HIGH_AVAILABILITY_MODES, highAvailabilityModes } from '../../rules/high-availability.ts';
import { DEFAULT_SKU, SKUS, TIERS, type Sku, type Tier } from '../../rules/skus.ts';
import { BACKUP_INTERVAL_HOURS, BACKUP_RETENTION_DAYS, STORAGE_LIMITS } from '../../rules/storage.ts';
import type { Offer } from './server-requirements.ts';

/** The 32 GiB that a server gets when nobody says a size. */
const DEFAULT_STORAGE_MB = 32 * 1024;

function storageEditions(tier: Tier, intervals: boolean) {
  const { minGiB, maxGiB } = STORAGE_LIMITS[tier];
  return [
    {
      name: 'Premium',
      minStorageSize: minGiB * 1024,
      maxStorageSize: maxGiB * 1024,
      minBackupRetentionDays: BACKUP_RETENTION_DAYS.min,
      maxBackupRetentionDays: BACKUP_RETENTION_DAYS.max,
      ...(intervals && {
        minBackupIntervalHours: BACKUP_INTERVAL_HOURS.min,
        maxBackupIntervalHours: BACKUP_INTERVAL_HOURS.max,
      }),
    },
  ];
}

function skuCapability(sku: Sku) {
  return {
    name: sku.name,
    vCores: sku.vCores,
    supportedIops: sku.maxIops,
    supportedMemoryPerVCoreMB: Math.floor((sku.memoryGiB * 1024) / sku.vCores),
  };
}

function skusOf(tier: Tier): Sku[] {
  return SKUS.filter((sku) => sku.tier === tier);
}

/**
 * `locations/{location}/capabilities`, the older form that the Azure CLI reads: one entry for each zone and one, first,
 * for a server whose zone is not chosen.
 */
export function capabilityList(region: Region, offer: Offer) {
  const editions = TIERS.map((tier) => ({
    name: tier,
    supportedStorageEditions: storageEditions(tier, false),
    supportedServerVersions: offer.versions.map((name) => ({ name, supportedSkus: skusOf(tier).map(skuCapability) })),
  }));
  return ['none', ...region.zones].map((zone) => ({
    zone,
    supportedHAMode: [...HIGH_AVAILABILITY_MODES],
    supportedGeoBackupRegions: [region.paired],
    supportedFlexibleServerEditions: editions,
  }));
}

/**
 * `locations/{location}/capabilitySets/default`, the newer form.
 *
 * @param has which of the later members the api-version has: the backup interval, the list of features.
 */
export function capabilitySet(
  subscriptionId: string,
  region: Region,
  offer: Offer,
  has: { intervals: boolean; features: boolean },
) {
  return {
    id: `/subscriptions/${subscriptionId}/providers/${MYSQL_NAMESPACE}/locations/${region.name}/capabilitySets/default`,
    name: 'default',
    type: `${MYSQL_NAMESPACE}/locations/capabilitySets`,
    properties: {
      supportedGeoBackupRegions: [region.paired],
      supportedFlexibleServerEditions: TIERS.map((tier) => ({
        name: tier,
        defaultSku: DEFAULT_SKU[tier],
        defaultStorageSize: DEFAULT_STORAGE_MB,
        supportedStorageEditions: storageEditions(tier, has.intervals),
        supportedSkus: skusOf(tier).map((sku) => ({
          ...skuCapability(sku),
          supportedZones: [...region.zones],
          supportedHAMode: [...highAvailabilityModes(tier)],
        })),
      })),
      supportedServerVersions: offer.versions.map((name) => ({ name })),
      ...(has.features && { supportedFeatures: [] }),
    },
  };
}
