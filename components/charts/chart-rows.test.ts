import { describe, expect, it } from 'vitest';
import { chartRows } from './chart-rows.ts';

const series = (values: (number | null)[], range?: { minimum: number[]; maximum: number[] }) => ({
  id: 'a',
  label: 'A',
  unit: 'Percent',
  values,
  range,
});
const times = (count: number) => Array.from({ length: count }, (_, index) => index * 60_000);

describe('rows to draw', () => {
  it('are the samples, where there are no more than pixels', () => {
    expect(chartRows(times(2), [series([5, null], { minimum: [1, 2], maximum: [9, 8] })], 100)).toEqual([
      { time: 0, values: [5], ranges: [[1, 9]] },
      { time: 60_000, values: [null], ranges: [[2, 8]] },
    ]);
  });

  it('keep the lowest, the highest and the gaps of more samples than pixels', () => {
    const values: (number | null)[] = Array.from({ length: 43_200 }, () => 50);
    values[20_000] = 100;
    values[30_000] = 0;
    for (let index = 35_000; index < 40_000; index++) values[index] = null;
    const rows = chartRows(times(43_200), [series(values)], 100);
    expect(rows.length).toBe(400);
    expect(new Set(rows.map((row) => row.values[0]))).toEqual(new Set([50, 100, 0, null]));
    expect(rows.map(({ time }) => time)).toEqual(rows.map(({ time }) => time).toSorted((a, b) => a - b));
  });

  it('reach the outermost of a range', () => {
    const minimum = Array.from({ length: 10_000 }, (_, index) => (index === 5000 ? 1 : 40));
    const maximum = minimum.map((value, index) => (index === 7000 ? 100 : value + 10));
    const ranges = chartRows(times(10_000), [series(minimum, { minimum, maximum })], 100).flatMap((row) => row.ranges);
    expect(Math.min(...ranges.map((range) => range![0]))).toBe(1);
    expect(Math.max(...ranges.map((range) => range![1]))).toBe(100);
  });
});
