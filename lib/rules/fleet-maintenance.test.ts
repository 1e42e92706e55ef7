import { expect, test } from 'vitest';
import type { FleetMaintenance } from '../arm/mysql/maintenance.ts';
import { calendarDays, laterThanCalendar } from './fleet-maintenance.ts';

const at = (serverName: string, local: Date): FleetMaintenance => ({
  server: { subscriptionId: 's', resourceGroup: 'shop', serverName },
  name: 'm',
  state: 'Scheduled',
  startTime: local.toISOString(),
  title: '',
});
// By the clock of whoever runs this.
const now = new Date(2026, 10, 23, 15, 30);
const names = (days: ReturnType<typeof calendarDays>) =>
  days.flatMap(({ maintenances }, day) => maintenances.map(({ server }) => `${day} ${server.serverName}`));

test('puts each maintenance on its day, earliest first, and what is under way on today', () => {
  const items = [
    at('late', new Date(2026, 10, 24, 23, 59)),
    at('early', new Date(2026, 10, 24, 0, 0)),
    at('running', new Date(2026, 10, 22, 23, 30)),
    at('last', new Date(2026, 11, 6, 23, 59)),
    at('beyond', new Date(2026, 11, 7, 0, 0)),
  ];
  const days = calendarDays(items, now);
  expect(days).toHaveLength(14);
  expect(names(days)).toEqual(['0 running', '1 early', '1 late', '13 last']);
  expect(laterThanCalendar(items, now)).toBe(1);
});

test('has every day once when the clocks change', () => {
  for (const month of [2, 9]) {
    const days = calendarDays([], new Date(2026, month, 20, 12));
    expect(days.map(({ at: day }) => new Date(day).getDate())).toEqual(
      Array.from({ length: 14 }, (_, offset) => new Date(2026, month, 20 + offset).getDate()),
    );
  }
});
