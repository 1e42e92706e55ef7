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
