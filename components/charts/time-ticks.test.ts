import { expect, it } from 'vitest';
import { timeTicks } from './time-ticks';

const HOUR = 3_600_000;
const at = (day: number, hour = 0, minute = 0) => Date.UTC(2026, 2, day, hour, minute);
const utc = () => 0;

it.each([
  [
    at(1, 10, 7),
    at(1, 11, 7),
    6,
    [at(1, 10, 10), at(1, 10, 20), at(1, 10, 30), at(1, 10, 40), at(1, 10, 50), at(1, 11)],
  ],
  [at(1), at(2), 4, [at(1), at(1, 6), at(1, 12), at(1, 18), at(2)]],
  [at(1, 5), at(4, 5), 3, [at(2), at(3), at(4)]],
])('ticks are round times', (from, to, most, ticks) => {
  expect(timeTicks(from, to, most, utc)).toEqual(ticks);
});

it('ticks are round in the person’s zone, over a change of clocks too', () => {
  // Berlin: UTC+1 until 29 March 2026, 01:00 UTC, then UTC+2.
  const berlin = (time: number) => (time < at(29, 1) ? HOUR : 2 * HOUR);
  expect(timeTicks(at(28, 12), at(30, 12), 2, berlin)).toEqual([at(28, 23), at(29, 22)]);
});
