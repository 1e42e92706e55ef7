import { expect, test } from 'vitest';
import { isVerificationDue } from './schedule.ts';

const HOUR = 3_600_000;
const WEEK = 168 * HOUR;
const NOW = Date.UTC(2026, 10, 23, 4);

const due = (
  last: [status: 'Succeeded' | 'Failed' | 'InProgress', hoursAgo: number] | undefined,
  { intervalMs = WEEK, ageHours = 1000 } = {},
) =>
  isVerificationDue(last && { status: last[0], startedAt: NOW - last[1] * HOUR }, {
    now: NOW,
    since: NOW - ageHours * HOUR,
    intervalMs,
  });

test('a backup is tried one interval after the last time, the first when the server is as old as that', () => {
  expect(due(['Succeeded', 167.9])).toBe(false);
  expect(due(['Succeeded', 168])).toBe(true);
  expect(due(undefined, { ageHours: 167 })).toBe(false);
  expect(due(undefined, { ageHours: 168 })).toBe(true);
});

test('one that failed is tried again after six hours, or sooner where the interval is shorter', () => {
  expect(due(['Failed', 5.9])).toBe(false);
  expect(due(['Failed', 6])).toBe(true);
  expect(due(['Failed', 1], { intervalMs: HOUR })).toBe(true);
});

test('never while one runs, or while the schedule is off; at once when the clock was set back', () => {
  expect(due(['InProgress', 500])).toBe(false);
  expect(due(undefined, { intervalMs: 0 })).toBe(false);
  expect(due(['Failed', 500], { intervalMs: 0 })).toBe(false);
  expect(due(['Succeeded', -10_000])).toBe(true);
});
