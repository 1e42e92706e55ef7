import { describe, expect, it } from 'vitest';
import { indexAt, valueTicks, xOf } from './chart-scale.ts';

const PLOT = { left: 10, top: 0, width: 100, height: 100 };

describe('round values', () => {
  it.each([
    [87, 'Percent', [0, 25, 50, 75, 100]],
    [0.31, 'Percent', [0, 0.1, 0.2, 0.3, 0.4]],
    [3, 'Count', [0, 1, 2, 3]],
    [0, 'Count', [0, 1]],
    [1204, 'Count', [0, 500, 1000, 1500]],
    [3 * 1024 ** 3, 'Bytes', [0, 1, 2, 3].map((each) => each * 1024 ** 3)],
    [Number.NaN, 'Percent', [0, 0.25, 0.5, 0.75, 1]],
  ])('%d %s', (highest, unit, ticks) => {
    expect(valueTicks(highest, unit)).toEqual(ticks);
  });

  it('always end above what is shown, in few steps', () => {
    for (let exponent = -6; exponent < 15; exponent += 0.13) {
      const ticks = valueTicks(10 ** exponent, exponent > 8 ? 'Bytes' : 'Seconds');
      expect(ticks.at(-1)!).toBeGreaterThanOrEqual(10 ** exponent * (1 - 1e-9));
      expect(ticks.length).toBeLessThanOrEqual(6);
    }
  });
});

it('finds the sample under the pointer, and ends at the edges', () => {
  expect(indexAt(-5, 5, PLOT)).toBe(0);
  expect(indexAt(xOf(3, 5, PLOT) + 4, 5, PLOT)).toBe(3);
  expect(indexAt(500, 5, PLOT)).toBe(4);
});
