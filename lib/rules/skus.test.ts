import { describe, expect, it } from 'vitest';
import { computePerMonth, estimateServer } from './prices.ts';
import { actionProblem, SERVER_STATES } from './server-actions.ts';
import { DEFAULT_SKU, findSku, SKUS, TIERS } from './skus.ts';
import { includedIops, iopsProblem, retentionProblem, storageProblem } from './storage.ts';

describe('sizes', () => {
  it('has the default size of every tier', () => {
    for (const tier of TIERS) expect(findSku(DEFAULT_SKU[tier])?.tier).toBe(tier);
  });
  it('keeps each default within its range', () => {
    for (const sku of SKUS) {
      expect(sku.maxConnections.default, sku.name).toBeLessThanOrEqual(sku.maxConnections.max);
      expect(sku.bufferPoolBytes.default, sku.name).toBeLessThanOrEqual(sku.bufferPoolBytes.max);
      expect(sku.bufferPoolBytes.max, sku.name).toBeLessThanOrEqual(sku.memoryGiB * 2 ** 30);
      expect(computePerMonth(sku), sku.name).toBeGreaterThan(0);
    }
  });
  it('finds a size without regard to case', () => expect(findSku('standard_b1MS')?.vCores).toBe(1));
});

describe('storage', () => {
  const small = findSku('Standard_B1ms')!;
  it('includes IOPS as Azure does', () => {
    expect(includedIops(20, small)).toBe(360);
    expect(includedIops(32, small)).toBe(396);
    expect(includedIops(1024, small)).toBe(640);
  });
  it('refuses what is out of range or no whole number', () => {
    expect(storageProblem(20, 'Burstable')).toBeUndefined();
    for (const size of [19, 16385, 32.5, Number.NaN]) expect(storageProblem(size, 'Burstable')).toMatch(/20 to 16384/);
    expect(iopsProblem(641, small)).toMatch(/360 to 640/);
    for (const days of [0, 36, 1.5]) expect(retentionProblem(days)).toMatch(/1 to 35/);
  });
});

describe('estimate', () => {
  it('doubles compute and storage with a standby and charges IOPS above the included ones', () => {
    const sku = findSku('Standard_D2ads_v5')!;
    const input = { sku, storageGiB: 64, iops: 592, includedIops: 492, standby: false, backupRetentionDays: 7 };
    const single = estimateServer(input);
    expect(single.total).toBeCloseTo(124.83 + 7.36 + 5, 2);
    const double = estimateServer({ ...input, standby: true });
    expect(double.total - 5).toBeCloseTo(2 * (single.total - 5), 6);
  });
});

describe('what is allowed in which state', () => {
  it('gives a reason in every state in which an action is not allowed', () => {
    const actions = ['update', 'restart', 'stop', 'start', 'delete', 'firewall', 'databases', 'connect'] as const;
    for (const action of actions) {
      expect(SERVER_STATES.some((state) => actionProblem(action, state) === undefined)).toBe(true);
      for (const state of [...SERVER_STATES, 'SomethingNew']) {
        const reason = actionProblem(action, state);
        if (reason !== undefined) expect(reason, `${action} in ${state}`).toMatch(/^[A-Z].*\.$/);
      }
    }
  });
});
