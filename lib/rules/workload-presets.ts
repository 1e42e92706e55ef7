import type { CreateServerForm } from './create-server-form.ts';
import { findEdition, findOfferedSize, type Edition, type LocationOffer, type OfferedSize } from './location-offer.ts';
import { DEFAULT_SKU, TIER_TEXTS, type Tier } from './skus.ts';
import { includedIops, MIN_IOPS } from './storage.ts';

export type PresetId = Exclude<CreateServerForm['preset'], 'custom'>;

interface Preset {
  id: PresetId;
  label: string;
  tier: Tier;
  skuName: string;
  storageGiB: number;
  backupRetentionDays: number;
  /** Wanted, and set where the location offers it. */
  standby: boolean;
  geoRedundantBackup: boolean;
}

/** Starting points for a size: each sets tier, size, storage and retention, and a standby where there can be one. */
export const WORKLOAD_PRESETS: readonly Preset[] = [
  {
    id: 'development',
    label: 'Development',
    tier: 'Burstable',
    skuName: 'Standard_B1ms',
    storageGiB: 20,
    backupRetentionDays: 7,
    standby: false,
    geoRedundantBackup: false,
  },
  {
    id: 'production',
    label: 'Production, small or medium',
    tier: 'GeneralPurpose',
    skuName: 'Standard_D2ads_v5',
    storageGiB: 64,
    backupRetentionDays: 14,
    standby: true,
    geoRedundantBackup: false,
  },
  {
    id: 'productionLarge',
    label: 'Production, large',
    tier: 'MemoryOptimized',
    skuName: 'Standard_E8ads_v5',
    storageGiB: 256,
    backupRetentionDays: 35,
    standby: true,
    geoRedundantBackup: true,
  },
];

/** The fields that a preset sets. */
export type PresetValues = Pick<
  CreateServerForm,
  | 'preset'
  | 'tier'
  | 'skuName'
  | 'storageGiB'
  | 'iopsMode'
  | 'iops'
  | 'backupRetentionDays'
  | 'geoRedundantBackup'
  | 'highAvailability'
  | 'standbyAvailabilityZone'
>;

/**
 * A preset as far as a location offers it. A tier or size that it lacks gives way to the nearest one that it has;
 * without an offer (not read yet) the preset stands as it is, with nothing that not every location has.
 */
export function presetValues(id: PresetId, offer: LocationOffer | undefined): PresetValues {
  const preset = WORKLOAD_PRESETS.find((candidate) => candidate.id === id)!;
  const edition = offer && (findEdition(offer, preset.tier) ?? offer.editions[0]);
  const size = edition && nearestSize(edition, preset.skuName);
  const storageGiB = edition
    ? Math.min(Math.max(preset.storageGiB, edition.storage.minGiB), edition.storage.maxGiB)
    : preset.storageGiB;
  const days = edition?.backupRetentionDays;
  return {
    preset: id,
    tier: edition?.tier ?? preset.tier,
    skuName: size?.sku.name ?? preset.skuName,
    storageGiB,
    iopsMode: 'included',
    iops: size ? includedIops(storageGiB, size.sku) : MIN_IOPS,
    backupRetentionDays: days
      ? Math.min(Math.max(preset.backupRetentionDays, days.min), days.max)
      : preset.backupRetentionDays,
    geoRedundantBackup: preset.geoRedundantBackup && (offer?.geoBackupRegions.length ?? 0) > 0,
    highAvailability: preset.standby && size ? bestStandby(size) : 'Disabled',
    standbyAvailabilityZone: '',
  };
}

function bestStandby({ highAvailabilityModes: modes }: OfferedSize): CreateServerForm['highAvailability'] {
  if (modes.includes('ZoneRedundant')) return 'ZoneRedundant';
  return modes.includes('SameZone') ? 'SameZone' : 'Disabled';
}

/** The size of that name, or the smallest with at least as many vCores, or the largest. */
function nearestSize(edition: Edition, skuName: string): OfferedSize {
  const wanted = edition.sizes.find(({ sku }) => sku.name === skuName);
  if (wanted) return wanted;
  const vCores = Number(/\d+/.exec(skuName)?.[0] ?? 1);
  return edition.sizes.find(({ sku }) => sku.vCores >= vCores) ?? edition.sizes.at(-1)!;
}

/** What the preset gives here, in a sentence. */
export function presetSummary(id: PresetId, offer: LocationOffer | undefined): string {
  const values = presetValues(id, offer);
  const vCores = offer && findOfferedSize(offer, values.skuName)?.sku.vCores;
  const parts = [
    TIER_TEXTS[values.tier].label,
    ...(vCores ? [`${vCores} ${vCores === 1 ? 'vCore' : 'vCores'}`] : []),
    `${values.storageGiB} GiB`,
    ...(values.highAvailability === 'ZoneRedundant' ? ['standby in another zone'] : []),
    ...(values.highAvailability === 'SameZone' ? ['standby'] : []),
    `${values.backupRetentionDays} days of backup retention`,
    ...(values.geoRedundantBackup ? ['geo-redundant'] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** The size to choose first in a tier, and the limits to keep storage and retention in, when the tier is changed. */
export function valuesForTier(form: CreateServerForm, edition: Edition): Partial<CreateServerForm> {
  const size = edition.sizes.find(({ sku }) => sku.name === DEFAULT_SKU[edition.tier]) ?? edition.sizes[0]!;
  return { tier: edition.tier, ...valuesForSize(form, edition, size) };
}

/** What depends on the size. */
type SizedFields = Pick<
  CreateServerForm,
  'storageGiB' | 'iops' | 'backupRetentionDays' | 'highAvailability' | 'standbyAvailabilityZone' | 'availabilityZone'
>;

/** What must follow when the size is changed: IOPS within its limit, no standby and zone that it does not have. */
export function valuesForSize(
  form: SizedFields,
  edition: Edition,
  size: OfferedSize,
): SizedFields & Pick<CreateServerForm, 'skuName'> {
  const { storage, backupRetentionDays: days } = edition;
  const storageGiB = clamp(form.storageGiB, storage.minGiB, storage.maxGiB);
  const mode = form.highAvailability;
  const standby = mode === 'Disabled' || size.highAvailabilityModes.includes(mode) ? mode : 'Disabled';
  return {
    skuName: size.sku.name,
    storageGiB,
    iops: clamp(form.iops, MIN_IOPS, size.sku.maxIops),
    backupRetentionDays: clamp(form.backupRetentionDays, days.min, days.max),
    highAvailability: standby,
    standbyAvailabilityZone: standby === 'Disabled' ? '' : form.standbyAvailabilityZone,
    availabilityZone: size.zones.includes(form.availabilityZone) ? form.availabilityZone : '',
  };
}

function clamp(value: number, min: number, max: number): number {
  return Number.isNaN(value) ? min : Math.min(Math.max(value, min), max);
}

/** An empty form with the first preset. */
export function emptyCreateServerForm(): CreateServerForm {
  return {
    subscriptionId: '',
    resourceGroup: '',
    serverName: '',
    location: '',
    version: '',
    ...presetValues('development', undefined),
    storageAutogrow: true,
    availabilityZone: '',
    administratorLogin: '',
    administratorPassword: '',
    confirmPassword: '',
    allowAzureServices: false,
    firewallRules: [],
    tags: [],
  };
}
