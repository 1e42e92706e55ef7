import { expect, test } from 'vitest';
import type { Maintenance } from '../arm/mysql/maintenance.ts';
import {
  describeCanary,
  describeReschedule,
  describeWindow,
  isAhead,
  isCanary,
  nextMaintenance,
  startTimeProblem,
  windowOfServer,
  windowWords,
} from './maintenance-changes.ts';

const key = { subscriptionId: 's', resourceGroup: 'shop', serverName: 'orders' };
const managed = { isCustom: false, dayOfWeek: 0, startHour: 0, startMinute: 0, batch: 'Default' } as const;
const sunday = { isCustom: true, dayOfWeek: 0, startHour: 23, startMinute: 30, batch: 'Default' } as const;
const maintenance: Maintenance = {
  id: 'x',
  name: 'm1',
  properties: {
    maintenanceState: 'Scheduled',
    maintenanceStartTime: '2026-12-01T02:00:00.000Z',
    maintenanceAvailableScheduleMinTime: '2026-11-23T00:00:00.000Z',
    maintenanceAvailableScheduleMaxTime: '2026-12-17T00:00:00.000Z',
  },
};

test('says when the window is', () => {
  expect(windowWords(sunday)).toBe('Sundays from 23:30 to 00:30 UTC');
  expect(windowWords(managed)).toMatch(/chosen by the service/);
  const server = { id: '', name: '', location: '', properties: {} };
  expect(windowOfServer(server)).toEqual(managed);
});

test('sends a window of one’s own whole, and none alone', () => {
  expect(describeWindow(key, managed, managed)).toBeUndefined();
  expect(describeWindow(key, managed, sunday)!.body).toEqual({
    properties: {
      maintenanceWindow: {
        customWindow: 'Enabled',
        dayOfWeek: 0,
        startHour: 23,
        startMinute: 30,
        batchOfMaintenance: 'Default',
      },
    },
  });
  const back = describeWindow(key, sunday, managed)!;
  expect(back.body).toEqual({
    properties: { maintenanceWindow: { customWindow: 'Disabled', batchOfMaintenance: 'Default' } },
  });
  expect(back.azCommand).toContain('--maintenance-window Disabled');
});

test('puts a server into a batch, which only ARM itself can', () => {
  const change = describeWindow(key, sunday, { ...sunday, batch: 'Batch2' })!;
  expect(change.changes[0]!.to).toBe('Sundays from 23:30 to 00:30 UTC, in the second batch');
  expect(change.azCommand).toMatch(/^az rest --method patch[\s\S]*"batchOfMaintenance":"Batch2"/);
});

test('makes a server a virtual canary, and takes that back', () => {
  const server = {
    id: '',
    name: '',
    location: '',
    properties: { maintenancePolicy: { patchStrategy: 'VirtualCanary' } },
  };
  expect(isCanary(server)).toBe(true);
  expect(describeCanary(key, false).body).toEqual({ properties: { maintenancePolicy: { patchStrategy: 'Regular' } } });
  expect(describeCanary(key, true).azCommand).toContain('--maintenance-policy-patch-strategy VirtualCanary');
});

test('puts a maintenance to another time within what it allows', () => {
  expect(isAhead(maintenance)).toBe(true);
  expect(startTimeProblem(maintenance, '2026-12-05T02:00:00Z')).toBeUndefined();
  expect(startTimeProblem(maintenance, '')).toMatch(/^Choose/);
  expect(startTimeProblem(maintenance, '2026-12-18T02:00:00Z')).toMatch(/^It can’t be put off beyond/);
  const now = describeReschedule(key, maintenance, '2026-11-24T00:00:00Z', true);
  expect(now.changes).toEqual([{ label: 'Begins', from: '2026-12-01 02:00 UTC', to: 'now' }]);
  expect(now.restarts).toMatch(/restarts/);
});

test('the next maintenance is the earliest that can still be moved, and not one that is far off', () => {
  const at = (name: string, maintenanceStartTime: string, maintenanceState = 'Scheduled'): Maintenance => ({
    ...maintenance,
    name,
    properties: { ...maintenance.properties, maintenanceStartTime, maintenanceState },
  });
  const now = new Date('2026-11-23T06:00:00Z');
  const day = 24 * 60 * 60_000;
  const all = [
    at('later', '2026-11-30T02:00:00Z'),
    at('done', '2026-11-24T02:00:00Z', 'Completed'),
    at('next', '2026-11-29T02:00:00Z', 'ReScheduled'),
  ];
  expect(nextMaintenance(all, now, 14 * day)?.name).toBe('next');
  expect(nextMaintenance(all, now, 2 * day)).toBeUndefined();
});
