import { expect, test } from 'vitest';
import type { ScheduleResource } from '../arm/local/schedule.ts';
import type { Server } from '../arm/mysql/server.ts';
import { fleetCost } from './fleet-cost.ts';
import { toFleetServer } from './fleet.ts';
import { computePerMonth, PRICES } from './prices.ts';
import { findSku } from './skus.ts';

const idOf = (name: string) =>
  `/subscriptions/s/resourceGroups/Shop/providers/Microsoft.DBforMySQL/flexibleServers/${name}`;
const server = (name: string, mode = 'Disabled', state = 'Ready') => {
  const answer: Server = {
    id: idOf(name),
    name,
    location: 'westeurope',
    sku: { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' },
    properties: { state, storage: { storageSizeGB: 32, autoIoScaling: 'Enabled' }, highAvailability: { mode } },
  };
  return toFleetServer(answer, 'Local')!;
};
const at = (name: string, action: 'Start' | 'Stop', time: string, enabled = true): ScheduleResource => ({
  id: `${idOf(name).replace('Shop', 'shop')}/providers/Flexdeck.Local/schedules/${action}`,
  name: action,
  properties: {
    action,
    days: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
    time,
    timeZone: 'UTC',
    enabled,
  },
});
const now = Date.parse('2026-11-23T12:00:00Z');
const compute = computePerMonth(findSku('Standard_D2ads_v5')!);
/** Half of each day. */
const nights = (name: string) => [at(name, 'Stop', '20:00'), at(name, 'Start', '08:00')];

test('takes off what schedules save, twice with a standby', () => {
  const [alone, pair] = [server('one'), server('two', 'ZoneRedundant')];
  const cost = fleetCost([alone, pair], [...nights('one'), ...nights('two')], now);
  expect(cost.saved).toBeCloseTo(compute / 2 + compute, 5);
  expect(cost.total).toBeCloseTo(alone.costPerMonth! + pair.costPerMonth! - cost.saved, 5);
  expect(cost).toMatchObject({ scheduled: 2 });
  expect(cost.byTier.get('GeneralPurpose')).toBeCloseTo(cost.total, 5);
});

test('counts the week, not whether a server happens to be stopped by its schedule', () => {
  const costs = ['Ready', 'Stopped'].map((state) => fleetCost([server('one', 'Disabled', state)], nights('one'), now));
  expect(costs[0]).toEqual(costs[1]);
});

test('adds what backups take beyond the storage', () => {
  const [one, two] = [server('one'), server('two')];
  const taken = (name: string, gib: number) => ({
    id: `${idOf(name)}/providers/Flexdeck.Local/backupStorage/default`,
    name: 'default',
    properties: { usedBytes: gib * 1024 ** 3 },
  });
  const cost = fleetCost([one, two], [], now, [taken('one', 31), taken('two', 40.5)]);
  expect(cost.backups).toBeCloseTo(9 * PRICES.backupPerGiBMonth);
  expect(cost.total).toBeCloseTo(one.costPerMonth! + two.costPerMonth! + cost.backups);
});

test('is what servers cost where nothing is scheduled, or what is has been switched off', () => {
  const one = server('one');
  expect(fleetCost([one], [at('one', 'Stop', '20:00', false)], now)).toMatchObject({
    total: one.costPerMonth,
    saved: 0,
    scheduled: 0,
  });
});
