import type { Sku } from './skus.ts';

/**
 * List prices in US dollars (pay as you go, East US), rounded: what the estimates are made of. Data, not a quote:
 * replace it with your own figures. Storage and compute are billed twice with a standby.
 */
export const PRICES = {
  /** A month has 730 hours in Azure's price pages. */
  hoursPerMonth: 730,
  burstablePerHour: {
    Standard_B1s: 0.0085,
    Standard_B1ms: 0.017,
    Standard_B2s: 0.068,
    Standard_B2ms: 0.136,
    Standard_B4ms: 0.272,
    Standard_B8ms: 0.545,
    Standard_B12ms: 0.817,
    Standard_B16ms: 1.09,
    Standard_B20ms: 1.36,
  } as Record<string, number>,
  generalPurposePerVCoreHour: 0.0855,
  memoryOptimizedPerVCoreHour: 0.114,
  storagePerGiBMonth: 0.115,
  paidIopsPerMonth: 0.05,
  backupPerGiBMonth: 0.095,
} as const;

export interface EstimateLine {
  label: string;
  /** Dollars a month; null for what is included. */
  amount: number | null;
}

export interface Estimate {
  lines: EstimateLine[];
  /** Dollars a month. */
  total: number;
}

export function computePerMonth(sku: Sku): number {
  const { hoursPerMonth, burstablePerHour, generalPurposePerVCoreHour, memoryOptimizedPerVCoreHour } = PRICES;
  if (sku.tier === 'Burstable') return (burstablePerHour[sku.name] ?? 0.068 * (sku.vCores / 2)) * hoursPerMonth;
  const perVCore = sku.tier === 'GeneralPurpose' ? generalPurposePerVCoreHour : memoryOptimizedPerVCoreHour;
  return perVCore * sku.vCores * hoursPerMonth;
}

/**
 * What a server costs a month by list price.
 *
 * @param server.iops provisioned; null when the service scales them itself (then billed by use, not estimated).
 * @param server.backupGiB what backups take, where it is known: as much as the storage is free.
 * @param server.savedPerMonth of compute by schedules, see `schedules.ts`.
 */
export function estimateServer(server: {
  sku: Sku;
  storageGiB: number;
  iops: number | null;
  includedIops: number;
  standby: boolean;
  backupRetentionDays: number;
  backupGiB?: number;
  savedPerMonth?: number;
}): Estimate {
  const copies = server.standby ? 2 : 1;
  const times = server.standby ? '2 × ' : '';
  const short = server.sku.name.replace('Standard_', '');
  const paidIops = server.iops === null ? 0 : Math.max(0, server.iops - server.includedIops);
  const lines: EstimateLine[] = [
    { label: `Compute, ${times}${short}`, amount: computePerMonth(server.sku) * copies },
    {
      label: `Storage, ${times}${server.storageGiB} GiB`,
      amount: server.storageGiB * PRICES.storagePerGiBMonth * copies,
    },
  ];
  if (paidIops > 0) lines.push({ label: `${paidIops} extra IOPS`, amount: paidIops * PRICES.paidIopsPerMonth });
  lines.push(backupLine(server));
  if (server.savedPerMonth) lines.push({ label: 'Saved by schedules', amount: -server.savedPerMonth });
  return { lines, total: lines.reduce((sum, line) => sum + (line.amount ?? 0), 0) };
}

/** Azure bills what backups take beyond the size of the server's storage. */
function backupLine(server: { storageGiB: number; backupRetentionDays: number; backupGiB?: number }): EstimateLine {
  const over = backupOverageGiB(server.backupGiB ?? 0, server.storageGiB);
  if (over === 0) return { label: `Backup, ${server.backupRetentionDays} days`, amount: null };
  return { label: `Backup, ${over} GiB beyond the storage`, amount: over * PRICES.backupPerGiBMonth };
}

/** Whole GiB that backups take beyond what is free: as much as the storage. */
export function backupOverageGiB(backupGiB: number, storageGiB: number): number {
  return Math.ceil(Math.max(0, backupGiB - storageGiB));
}

/** The same in dollars a month. */
export function overagePerMonth(backupGiB: number, storageGiB: number): number {
  return backupOverageGiB(backupGiB, storageGiB) * PRICES.backupPerGiBMonth;
}
