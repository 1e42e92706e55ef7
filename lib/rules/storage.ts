import type { Sku, Tier } from './skus.ts';

/** Storage and IOPS of a server, from Azure's service tier page and the Azure CLI's free IOPS rule. GiB throughout. */
export const STORAGE_LIMITS: Record<Tier, { minGiB: number; maxGiB: number }> = {
  Burstable: { minGiB: 20, maxGiB: 16384 },
  GeneralPurpose: { minGiB: 20, maxGiB: 16384 },
  MemoryOptimized: { minGiB: 20, maxGiB: 32768 },
};

export const MIN_IOPS = 360;

/** IOPS that come with the storage: 300 + 3 for each GiB, at most what the size allows. */
export function includedIops(storageGiB: number, sku: Pick<Sku, 'maxIops'>): number {
  return Math.min(300 + 3 * storageGiB, sku.maxIops);
}

export function storageProblem(storageGiB: number, tier: Tier): string | undefined {
  const { minGiB, maxGiB } = STORAGE_LIMITS[tier];
  if (Number.isInteger(storageGiB) && storageGiB >= minGiB && storageGiB <= maxGiB) return undefined;
  return `Storage must be a whole number of GiB from ${minGiB} to ${maxGiB} for the ${tier} tier.`;
}

export function iopsProblem(iops: number, sku: Sku): string | undefined {
  if (Number.isInteger(iops) && iops >= MIN_IOPS && iops <= sku.maxIops) return undefined;
  return `IOPS must be a whole number from ${MIN_IOPS} to ${sku.maxIops} for ${sku.name}.`;
}

export const BACKUP_RETENTION_DAYS = { min: 1, default: 7, max: 35 } as const;

export function retentionProblem(days: number): string | undefined {
  const { min, max } = BACKUP_RETENTION_DAYS;
  if (Number.isInteger(days) && days >= min && days <= max) return undefined;
  return `Backup retention must be a whole number of days from ${min} to ${max}.`;
}

export const BACKUP_INTERVAL_HOURS = { min: 1, default: 24, max: 24 } as const;

export function backupIntervalProblem(hours: number): string | undefined {
  const { min, max } = BACKUP_INTERVAL_HOURS;
  if (Number.isInteger(hours) && hours >= min && hours <= max) return undefined;
  return `The time between two full backups must be a whole number of hours from ${min} to ${max}.`;
}

const GIB = 1024 ** 3;
/** Azure's two rules part here. */
const SMALL_GIB = 100;

/** With less free than this a server takes no writes: 5 % of its storage, at most 5 GiB. Source: Azure's storage page. */
export function readOnlyBelowBytes(storageGiB: number): number {
  return storageGiB <= SMALL_GIB ? storageGiB * GIB * 0.05 : 5 * GIB;
}

/**
 * What storage that grows by itself grows to: by 5 GiB when less than a tenth is free, above 100 GiB by 5 % when less than
 * 10 GiB are. Source: Azure's storage page.
 *
 * @returns GiB; undefined when it need not grow, or cannot any more.
 */
export function grownStorage(storageGiB: number, freeBytes: number, tier: Tier): number | undefined {
  const small = storageGiB <= SMALL_GIB;
  if (freeBytes >= (small ? storageGiB * GIB * 0.1 : 10 * GIB)) return undefined;
  const grown = Math.min(small ? storageGiB + 5 : Math.ceil(storageGiB * 1.05), STORAGE_LIMITS[tier].maxGiB);
  return grown > storageGiB ? grown : undefined;
}
