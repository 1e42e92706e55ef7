import { describe, expect, it } from 'vitest';
import { computePerMonth, estimateServer, PRICES } from './prices.ts';
import { findSku } from './skus.ts';

const sku = findSku('Standard_D4ds_v4')!;
const server = { sku, storageGiB: 128, iops: 684, includedIops: 684, standby: false, backupRetentionDays: 7 };

describe('an estimate', () => {
  it('bills a standby like its primary, compute and storage', () => {
    const [one, two] = [estimateServer(server), estimateServer({ ...server, standby: true })];
    expect(two.total).toBeCloseTo(2 * one.total);
  });

  it('bills backups only beyond the size of the storage', () => {
    const { total, lines } = estimateServer(server);
    expect(lines.at(-1)).toEqual({ label: 'Backup, 7 days', amount: null });
    expect(estimateServer({ ...server, backupGiB: 128 }).total).toBe(total);
    expect(estimateServer({ ...server, backupGiB: 137.5 }).total).toBeCloseTo(total + 10 * PRICES.backupPerGiBMonth);
  });

  it('takes off what schedules save of compute', () => {
    const half = computePerMonth(sku) / 2;
    const { total, lines } = estimateServer({ ...server, savedPerMonth: half });
    expect(lines.at(-1)).toEqual({ label: 'Saved by schedules', amount: -half });
    expect(total).toBeCloseTo(estimateServer(server).total - half);
  });
});
