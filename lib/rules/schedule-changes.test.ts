import { expect, test } from 'vitest';
import {
  daysWords,
  describeAutoStart,
  describePutSchedule,
  freeScheduleName,
  scheduleWords,
} from './schedule-changes.ts';

const key = { subscriptionId: 's', resourceGroup: 'shop', serverName: 'orders' };
const stop = {
  action: 'Stop',
  days: ['Friday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday'],
  time: '19:30',
  timeZone: 'Europe/Berlin',
  enabled: true,
} as const;

test('says when, in words', () => {
  expect(scheduleWords(stop)).toBe('Stops on weekdays at 19:30 (Europe/Berlin)');
  expect(daysWords(['Saturday', 'Sunday'])).toBe('on Sun, Sat');
  expect(scheduleWords({ ...stop, action: 'Scale', sku: { name: 'Standard_B2s', tier: 'Burstable' } })).toMatch(
    /^Scales to Standard_B2s /,
  );
});

test('names a new schedule by what it does', () => {
  expect(freeScheduleName('Stop', [])).toBe('stop');
  expect(freeScheduleName('Stop', ['STOP', 'stop-2'])).toBe('stop-3');
});

test('describes the change, and that stopping interrupts', () => {
  const change = describePutSchedule(key, 'stop', { ...stop, days: [...stop.days] });
  expect(change.resourceId).toMatch(/\/flexibleServers\/orders\/providers\/Flexdeck.Local\/schedules\/stop$/);
  expect(change.restarts).toMatch(/every session ends/);
  expect(change.azCommand).toContain('az rest --method put');
  expect(describePutSchedule(key, 'stop', { ...stop, days: [...stop.days], enabled: false }).restarts).toBeUndefined();
  expect(describeAutoStart(key, 7, 1).changes).toEqual([
    { label: 'Starts by itself', from: 'after 7 days', to: 'after 1 day' },
  ]);
});
