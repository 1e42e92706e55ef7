import { expect, test } from 'vitest';
import type { Server } from '../arm/mysql/server.ts';
import { describeSize, irreversibleOfSize, serverSizeFaults, sizeOfServer, sizePatch } from './server-size.ts';

const key = { subscriptionId: 's', resourceGroup: 'shop', serverName: 'orders' };
const server: Server = {
  id: '/subscriptions/s/resourceGroups/shop/providers/Microsoft.DBforMySQL/flexibleServers/orders',
  name: 'orders',
  location: 'westeurope',
  sku: { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' },
  properties: {
    state: 'Ready',
    storage: { storageSizeGB: 64, iops: 492, autoGrow: 'Enabled', autoIoScaling: 'Disabled' },
    backup: { backupRetentionDays: 7 },
    highAvailability: { mode: 'Disabled' },
  },
};
const standby: Server = {
  ...server,
  properties: { ...server.properties, highAvailability: { mode: 'ZoneRedundant', state: 'Healthy' } },
};
const now = sizeOfServer(server);
const messages = (of: Server, change: Partial<typeof now>) =>
  serverSizeFaults(of, { ...now, ...change }, undefined).map(({ field, message }) => `${field}: ${message}`);

test('reads the size that a server has: included, provisioned and scaled IOPS', () => {
  expect(now).toEqual({
    tier: 'GeneralPurpose',
    skuName: 'Standard_D2ads_v5',
    storageGiB: 64,
    storageAutogrow: true,
    iopsMode: 'included',
    iops: 492,
    backupRetentionDays: 7,
  });
  const storage = server.properties.storage;
  const withStorage = (change: object) =>
    sizeOfServer({ ...server, properties: { ...server.properties, storage: { ...storage, ...change } } }).iopsMode;
  expect(withStorage({ iops: 1000 })).toBe('provisioned');
  expect(withStorage({ autoIoScaling: 'Enabled' })).toBe('autoscale');
});

test('sends only what changes', () => {
  expect(sizePatch(server, now)).toBeUndefined();
  expect(describeSize(key, server, now)).toBeUndefined();
  expect(sizePatch(server, { ...now, storageGiB: 128 })).toEqual({
    properties: { storage: { storageSizeGB: 128, iops: 684 } },
  });
  expect(sizePatch(server, { ...now, iopsMode: 'autoscale' })).toEqual({
    properties: { storage: { autoIoScaling: 'Enabled' } },
  });
  expect(sizePatch(server, { ...now, skuName: 'Standard_D4ads_v5', backupRetentionDays: 14 })).toEqual({
    sku: { name: 'Standard_D4ads_v5', tier: 'GeneralPurpose' },
    properties: { backup: { backupRetentionDays: 14 } },
  });
});

test('says what restarts, what it costs, and the same as az', () => {
  const online = describeSize(key, server, { ...now, storageGiB: 128 })!;
  expect(online.restarts).toBeUndefined();
  expect(online.changes).toEqual([
    { label: 'Storage', from: '64 GiB', to: '128 GiB' },
    { label: 'IOPS', from: '492', to: '684' },
  ]);
  expect(online.cost!.to).toBeGreaterThan(online.cost!.from!);
  expect(online.azCommand).toContain('--storage-size 128');
  const scaled = describeSize(key, server, { ...now, tier: 'MemoryOptimized', skuName: 'Standard_E2ads_v5' })!;
  expect(scaled.restarts).toMatch(/restarts/);
  expect(scaled.azCommand).toContain('--sku-name Standard_E2ads_v5');
});

test('says what there is no way back from', () => {
  expect(irreversibleOfSize(now, { ...now, skuName: 'Standard_E2ads_v5' })).toEqual([]);
  const change = { storageGiB: 128, backupRetentionDays: now.backupRetentionDays - 1 };
  expect(irreversibleOfSize(now, { ...now, ...change })).toEqual([
    expect.stringMatching(/^Storage never shrinks/),
    expect.stringMatching(/^Backups older than/),
  ]);
});

test('refuses, at the field, what the service refuses', () => {
  expect(messages(server, {})).toEqual([]);
  expect(messages(server, { storageGiB: 32 })[0]).toMatch(/^storageGiB: Storage never shrinks: the server has 64 GiB/);
  expect(messages(server, { storageGiB: Number.NaN })[0]).toMatch(/^storageGiB: Storage must be a whole number/);
  expect(messages(server, { iopsMode: 'provisioned', iops: 100 })[0]).toMatch(/^iops: /);
  expect(messages(server, { backupRetentionDays: 36 })[0]).toMatch(/^backupRetentionDays: /);
  expect(messages(standby, { tier: 'Burstable', skuName: 'Standard_B2s' })[0]).toMatch(/^skuName: High availability/);
  expect(messages(standby, { storageAutogrow: false })[0]).toMatch(/^storageAutogrow: High availability/);
});
