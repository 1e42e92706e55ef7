import { expect, test } from 'vitest';
import { Pace, type ProcessorTimes } from './pace.ts';

/** Two processors; each look is after `ms` of work, while others take that share of both. */
function worker() {
  let now = 0;
  const times: ProcessorTimes = { all: 0, idle: 0, own: 0 };
  const pace = new Pace(
    () => ({ ...times }),
    () => now,
  );
  return {
    pace,
    work(ms: number, others: number) {
      now += ms;
      times.all += 2 * ms;
      times.own += ms;
      times.idle += Math.max(0, 2 * ms * (1 - others) - ms);
      return pace.next();
    },
  };
}

test('works without rest while the machine has nothing else to do, however much it takes itself', () => {
  const { work } = worker();
  for (let index = 0; index < 10; index++) expect(work(100, 0.2)).toBe(0);
});

test('rests many times as long as it worked while others are busy, and no longer than half a second', () => {
  const { work, pace } = worker();
  work(150, 0.9);
  expect(work(50, 0.9)).toBe(500);
  expect(pace.givesWay).toBe(true);
});

test('goes on at once when others are done', () => {
  const { work, pace } = worker();
  expect(work(200, 0.9)).toBeGreaterThan(0);
  expect(work(200, 0.1)).toBe(0);
  expect(pace.givesWay).toBe(false);
});
