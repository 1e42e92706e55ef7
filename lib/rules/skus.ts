/** The sizes of Azure Database for MySQL flexible server, from Azure's service tier and server parameter pages. */

export const TIERS = ['Burstable', 'GeneralPurpose', 'MemoryOptimized'] as const;
export type Tier = (typeof TIERS)[number];

export interface Sku {
  /** ARM's `sku.name`, e.g. `Standard_D2ads_v5`. */
  name: string;
  tier: Tier;
  vCores: number;
  memoryGiB: number;
  maxIops: number;
  maxConnections: { min: number; default: number; max: number };
  /** innodb_buffer_pool_size as Azure sets it, in bytes. What this machine gives is decided in the control plane. */
  bufferPoolBytes: { min: number; default: number; max: number };
}

const MIB = 1024 * 1024;

// name, tier, vCores, memory GiB, max IOPS, max_connections default and maximum, buffer pool default and maximum in MiB
const ROWS: readonly (readonly [string, Tier, number, number, number, number, number, number, number])[] = [
  ['Standard_B1ms', 'Burstable', 1, 2, 640, 171, 341, 512, 1024],
  ['Standard_B2s', 'Burstable', 2, 4, 1280, 341, 683, 2048, 2048],
  ['Standard_B2ms', 'Burstable', 2, 8, 1700, 683, 1365, 4096, 5120],
  ['Standard_B4ms', 'Burstable', 4, 16, 2400, 1365, 2731, 12288, 12288],
  ['Standard_B8ms', 'Burstable', 8, 32, 3100, 2731, 5461, 24576, 24576],
  ['Standard_B12ms', 'Burstable', 12, 48, 3800, 4097, 8193, 49152, 49152],
  ['Standard_B16ms', 'Burstable', 16, 64, 4300, 5461, 10923, 49152, 49152],
  ['Standard_B20ms', 'Burstable', 20, 80, 5000, 6827, 13653, 61440, 61440],
  ['Standard_D2ads_v5', 'GeneralPurpose', 2, 8, 3200, 683, 1365, 4096, 5120],
  ['Standard_D2ds_v4', 'GeneralPurpose', 2, 8, 3200, 683, 1365, 4096, 5120],
  ['Standard_D4ads_v5', 'GeneralPurpose', 4, 16, 6400, 1365, 2731, 12288, 12288],
  ['Standard_D4ds_v4', 'GeneralPurpose', 4, 16, 6400, 1365, 2731, 12288, 12288],
  ['Standard_D8ads_v5', 'GeneralPurpose', 8, 32, 12800, 2731, 5461, 24576, 24576],
  ['Standard_D8ds_v4', 'GeneralPurpose', 8, 32, 12800, 2731, 5461, 24576, 24576],
  ['Standard_D16ads_v5', 'GeneralPurpose', 16, 64, 20000, 5461, 10923, 49152, 49152],
  ['Standard_D16ds_v4', 'GeneralPurpose', 16, 64, 20000, 5461, 10923, 49152, 49152],
  ['Standard_D32ads_v5', 'GeneralPurpose', 32, 128, 20000, 10923, 21845, 98304, 98304],
  ['Standard_D32ds_v4', 'GeneralPurpose', 32, 128, 20000, 10923, 21845, 98304, 98304],
  ['Standard_D48ads_v5', 'GeneralPurpose', 48, 192, 48000, 16384, 32768, 147456, 147456],
  ['Standard_D48ds_v4', 'GeneralPurpose', 48, 192, 48000, 16384, 32768, 147456, 147456],
  ['Standard_D64ads_v5', 'GeneralPurpose', 64, 256, 48000, 21845, 43691, 196608, 196608],
  ['Standard_D64ds_v4', 'GeneralPurpose', 64, 256, 48000, 21845, 43691, 196608, 196608],
  ['Standard_D96ads_v5', 'GeneralPurpose', 96, 384, 48000, 32768, 65536, 294912, 294912],
  ['Standard_E2ds_v4', 'MemoryOptimized', 2, 16, 5000, 1365, 2731, 12288, 12288],
  ['Standard_E2ads_v5', 'MemoryOptimized', 2, 16, 5000, 1365, 2731, 12288, 12288],
  ['Standard_E2ds_v5', 'MemoryOptimized', 2, 16, 5000, 1365, 2731, 12288, 12288],
  ['Standard_E4ds_v4', 'MemoryOptimized', 4, 32, 10000, 2731, 5461, 24576, 24576],
  ['Standard_E4ads_v5', 'MemoryOptimized', 4, 32, 10000, 2731, 5461, 24576, 24576],
  ['Standard_E4ds_v5', 'MemoryOptimized', 4, 32, 10000, 2731, 5461, 24576, 24576],
  ['Standard_E8ds_v4', 'MemoryOptimized', 8, 64, 18000, 5461, 10923, 49152, 49152],
  ['Standard_E8ads_v5', 'MemoryOptimized', 8, 64, 18000, 5461, 10923, 49152, 49152],
  ['Standard_E8ds_v5', 'MemoryOptimized', 8, 64, 18000, 5461, 10923, 49152, 49152],
  ['Standard_E16ds_v4', 'MemoryOptimized', 16, 128, 28000, 10923, 21845, 98304, 98304],
  ['Standard_E16ads_v5', 'MemoryOptimized', 16, 128, 28000, 10923, 21845, 98304, 98304],
  ['Standard_E16ds_v5', 'MemoryOptimized', 16, 128, 28000, 10923, 21845, 98304, 98304],
  ['Standard_E20ds_v4', 'MemoryOptimized', 20, 160, 28000, 13653, 27306, 122880, 122880],
  ['Standard_E20ads_v5', 'MemoryOptimized', 20, 160, 28000, 13653, 27306, 122880, 122880],
  ['Standard_E20ds_v5', 'MemoryOptimized', 20, 160, 28000, 13653, 27306, 122880, 122880],
  ['Standard_E32ds_v4', 'MemoryOptimized', 32, 256, 38000, 21845, 43691, 196608, 196608],
  ['Standard_E32ads_v5', 'MemoryOptimized', 32, 256, 38000, 21845, 43691, 196608, 196608],
  ['Standard_E32ds_v5', 'MemoryOptimized', 32, 256, 38000, 21845, 43691, 196608, 196608],
  ['Standard_E48ds_v4', 'MemoryOptimized', 48, 384, 48000, 32768, 65536, 294912, 294912],
  ['Standard_E48ads_v5', 'MemoryOptimized', 48, 384, 48000, 32768, 65536, 294912, 294912],
  ['Standard_E48ds_v5', 'MemoryOptimized', 48, 384, 48000, 32768, 65536, 294912, 294912],
  ['Standard_E64ds_v4', 'MemoryOptimized', 64, 504, 64000, 43008, 86016, 387072, 387072],
  ['Standard_E64ads_v5', 'MemoryOptimized', 64, 504, 64000, 43008, 86016, 387072, 387072],
  ['Standard_E64ds_v5', 'MemoryOptimized', 64, 512, 64000, 43691, 87383, 393216, 393216],
  ['Standard_E80ids_v4', 'MemoryOptimized', 80, 504, 72000, 43008, 86016, 387072, 387072],
  ['Standard_E96ads_v5', 'MemoryOptimized', 96, 672, 80000, 50000, 100000, 516096, 516096],
  ['Standard_B1s', 'Burstable', 1, 1, 400, 85, 171, 128, 256],
  ['Standard_E96ds_v5', 'MemoryOptimized', 96, 672, 80000, 50000, 100000, 516096, 516096],
];

export const SKUS: readonly Sku[] = ROWS.map(
  ([name, tier, vCores, memoryGiB, maxIops, connections, maxConnections, bufferPool, maxBufferPool]) => ({
    name,
    tier,
    vCores,
    memoryGiB,
    maxIops,
    maxConnections: { min: 10, default: connections, max: maxConnections },
    bufferPoolBytes: { min: 128 * MIB, default: bufferPool * MIB, max: maxBufferPool * MIB },
  }),
);

/** What a tier is for, in the words shown beside it. */
export const TIER_TEXTS: Record<Tier, { label: string; summary: string }> = {
  Burstable: {
    label: 'Burstable',
    summary: 'For development and small sites that are quiet most of the day. 1–\u206020 vCores, no high availability.',
  },
  GeneralPurpose: {
    label: 'General Purpose',
    summary: 'For most production workloads: balanced compute and memory, 2–\u206096 vCores at 4 GiB each.',
  },
  MemoryOptimized: {
    label: 'Memory Optimized',
    summary: 'For databases that should stay in memory: 2–\u206096 vCores at 8 GiB each, most IOPS.',
  },
};

export const DEFAULT_SKU: Record<Tier, string> = {
  Burstable: 'Standard_B1ms',
  GeneralPurpose: 'Standard_D2ads_v5',
  MemoryOptimized: 'Standard_E2ads_v5',
};

/** The size of that name, without regard to case; undefined when there is none. */
export function findSku(name: string): Sku | undefined {
  const wanted = name.toLowerCase();
  return SKUS.find((sku) => sku.name.toLowerCase() === wanted);
}
