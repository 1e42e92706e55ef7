import type { Server } from '../arm/mysql/server.ts';
import { estimateServer, type EstimateLine } from './prices.ts';
import { findSku } from './skus.ts';
import { includedIops } from './storage.ts';

/** Dollars a month by list price. */
export interface ServerEstimate {
  total: number;
  /** Of which compute, which is not billed while the server is stopped. */
  compute: number;
  /** What it is made of. */
  lines: EstimateLine[];
}

/**
 * What a server costs a month as it is; undefined for a size that has no price.
 *
 * @param backupGiB what its backups take, where that is known.
 */
export function estimateOfServer({ sku: size, properties }: Server, backupGiB = 0): ServerEstimate | undefined {
  const sku = findSku(size?.name ?? '');
  const { storage, backup, highAvailability } = properties;
  if (!sku || !storage?.storageSizeGB) return undefined;
  const { lines, total } = estimateServer({
    sku,
    storageGiB: storage.storageSizeGB,
    iops: storage.autoIoScaling === 'Enabled' ? null : (storage.iops ?? null),
    includedIops: includedIops(storage.storageSizeGB, sku),
    standby: (highAvailability?.mode ?? 'Disabled') !== 'Disabled',
    backupRetentionDays: backup?.backupRetentionDays ?? 7,
    backupGiB,
  });
  const compute = lines[0]?.amount ?? 0;
  if (properties.state !== 'Stopped') return { total, compute, lines };
  return { total: total - compute, compute: 0, lines: lines.with(0, { ...lines[0]!, amount: 0 }) };
}

/** Dollars a month before and after the mode becomes `mode`; undefined for a size that has no price. */
export function costOfHighAvailability(server: Server, mode: string): { from: number; to: number } | undefined {
  const after = { ...server, properties: { ...server.properties, highAvailability: { mode } } };
  const [from, to] = [estimateOfServer(server), estimateOfServer(after)];
  return from && to && { from: from.total, to: to.total };
}
