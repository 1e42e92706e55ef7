import { expect, test } from 'vitest';
import { describeRestore, type RestoreChoice } from './backup-changes.ts';

const SOURCE = '/subscriptions/s/resourceGroups/shop/providers/Microsoft.DBforMySQL/flexibleServers/orders';
const KEY = { subscriptionId: 's', resourceGroup: 'shop', serverName: 'orders-restored' };
const CHOICE: RestoreChoice = {
  name: 'orders-restored',
  sourceId: SOURCE,
  moment: '2026-03-29T01:30:00.512345Z',
  location: 'westeurope',
  geo: false,
  sku: { name: 'Standard_B1ms', tier: 'Burstable' },
  storageSizeGB: 20,
  highAvailability: 'Disabled',
};
const FROM = { name: 'orders', location: 'West Europe', sku: 'Standard_B1ms', storageSizeGB: 20 };

test('a restore names its transaction to the microsecond, in the request and in the command', () => {
  const { body, azCommand } = describeRestore(KEY, CHOICE, FROM, undefined);
  expect(body).toMatchObject({
    location: 'westeurope',
    properties: { createMode: 'PointInTimeRestore', sourceServerResourceId: SOURCE, restorePointInTime: CHOICE.moment },
  });
  expect(azCommand).toContain('az mysql flexible-server restore');
  expect(azCommand).toContain(`--restore-time ${CHOICE.moment}`);
});

test('a restore in the paired region is of the newest moment there, whatever was chosen on the timeline', () => {
  const { body, azCommand, changes } = describeRestore(
    KEY,
    { ...CHOICE, geo: true, location: 'northeurope' },
    FROM,
    undefined,
  );
  expect(body).toMatchObject({ location: 'northeurope', properties: { createMode: 'GeoRestore' } });
  expect(JSON.stringify(body)).not.toContain('restorePointInTime');
  expect(azCommand).toContain('az mysql flexible-server geo-restore');
  expect(azCommand).toContain('--location northeurope');
  expect(azCommand).not.toContain('--restore-time');
  expect(changes).toContainEqual({ label: 'Region', from: 'West Europe', to: 'North Europe' });
  expect(changes).toContainEqual({ label: 'Moment', from: null, to: 'the newest that was copied there' });
});
