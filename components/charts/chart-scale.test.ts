import { describe, expect, it } from 'vitest';
import { bandPath, highestOf, indexAt, linePath, lonePath, valueTicks, xOf } from './chart-scale.ts';

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

describe('a line', () => {
  it('leaves gaps open, and shows what stands alone as a dot', () => {
    const values = [0, 100, null, 50, null];
    expect(linePath(values, 100, PLOT)).toBe('M10 100L35 0M85 50');
    expect(lonePath(values, 100, PLOT)).toBe('M85 50h0.01');
  });

  it('of more samples than pixels keeps the highest and the lowest of every column', () => {
    const values: (number | null)[] = Array.from({ length: 43_200 }, () => 50);
    values[20_000] = 100;
    values[30_000] = 0;
    for (let index = 35_000; index < 40_000; index++) values[index] = null;
    const path = linePath(values, 100, PLOT);
    expect(path.length).toBeLessThan(2000);
    const heights = [...path.matchAll(/ (\d+)/g)].map(([, y]) => Number(y));
    expect(new Set(heights)).toEqual(new Set([0, 50, 100]));
    expect(path.match(/M/g)).toHaveLength(2);
    expect(highestOf([values])).toBe(100);
  });
});

describe('a band', () => {
  it('is closed at each gap', () => {
    const path = bandPath([0, 0, null, 10, 10], [50, 50, null, 100, 100], 100, PLOT);
    expect(path).toBe('M10 50L35 50L35 100L10 100ZM85 0L110 0L110 90L85 90Z');
  });

  it('of more samples than pixels reaches the outermost of them', () => {
    const low = Array.from({ length: 10_000 }, (_, index) => (index === 5000 ? 1 : 40));
    const high = low.map((value) => value + 10);
    high[7000] = 100;
    const path = bandPath(low, high, 100, PLOT);
    expect(path).toContain(' 0L');
    expect(path).toContain(' 99L');
  });
});

it('finds the sample under the pointer, and ends at the edges', () => {
  expect(indexAt(-5, 5, PLOT)).toBe(0);
  expect(indexAt(xOf(3, 5, PLOT) + 4, 5, PLOT)).toBe(3);
  expect(indexAt(500, 5, PLOT)).toBe(4);
});
