import { expect, test } from 'vitest';
import { steadyTime, type SteadyTime } from './steady-time.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = 1_000 * DAY;

/** Looks each minute for so long. @param ahead how far the clock is from what is true. */
function after(before: SteadyTime, { from, hours, ahead }: { from: number; hours: number; ahead: number }): SteadyTime {
  let time = before;
  for (let minute = 1; minute <= hours * 60; minute++) {
    time = steadyTime(time, { now: from + ahead + minute * 60_000, elapsedMs: 60_000 });
  }
  return time;
}

test('follows the clock, set forward a little or back', () => {
  expect(steadyTime(undefined, { now: START, elapsedMs: undefined })).toEqual({ at: START, aheadMs: 0 });
  const before = { at: START, aheadMs: 0 };
  expect(steadyTime(before, { now: START + 63_000, elapsedMs: 60_000 }).at).toBe(START + 63_000);
  expect(steadyTime(before, { now: START - 30 * DAY, elapsedMs: 60_000 }).at).toBe(START - 30 * DAY);
});

test('does not believe a jump ahead that is set right again', () => {
  const jumped = after({ at: START, aheadMs: 0 }, { from: START, hours: 5, ahead: 30 * DAY });
  expect(jumped.at).toBe(START + 5 * HOUR);
  const right = after(jumped, { from: START + 5 * HOUR, hours: 1, ahead: 0 });
  expect(right).toEqual({ at: START + 6 * HOUR, aheadMs: 0 });
});

test('believes one that lasts, over restarts too', () => {
  const jumped = after({ at: START, aheadMs: 0 }, { from: START, hours: 4, ahead: 30 * DAY });
  const restarted = steadyTime(jumped, { now: START + 30 * DAY + 5 * HOUR, elapsedMs: undefined });
  expect(restarted.at).toBe(START + 4 * HOUR);
  const late = after(restarted, { from: START + 5 * HOUR, hours: 2, ahead: 30 * DAY });
  expect(late).toEqual({ at: START + 30 * DAY + 7 * HOUR, aheadMs: 0 });
});

test('believes a night off at once, and a month only when it has lasted', () => {
  const before = { at: START, aheadMs: 0 };
  expect(steadyTime(before, { now: START + 14 * HOUR, elapsedMs: undefined }).at).toBe(START + 14 * HOUR);
  expect(steadyTime(before, { now: START + 30 * DAY, elapsedMs: undefined }).at).toBe(START);
});
