import { expect, test } from 'vitest';
import { longestGap, lostRows, sampleRecord } from './rehearsal-report.ts';

const times = Float64Array.from([1000, 1004, 1009, 1100, 1105, 1400, 1404]);

test('the longest gap is found where it is looked for', () => {
  expect(longestGap(times, 1000, 1404)).toEqual({ milliseconds: 295, start: 1105 });
  expect(longestGap(times, 1000, 1105)).toEqual({ milliseconds: 91, start: 1009 });
});

test('one that began before counts whole, one that does not end counts up to the end', () => {
  expect(longestGap(times, 1050, 1105)).toEqual({ milliseconds: 91, start: 1009 });
  expect(longestGap(times, 1404, 2000)).toEqual({ milliseconds: 596, start: 1404 });
});

test('samples count what happened in each ten milliseconds', () => {
  const record = {
    numbers: Int32Array.from([1, 2, 3]),
    acknowledgedAt: Float64Array.from([500, 501, 525]),
    errors: {},
  };
  expect(sampleRecord({ ...record, refusedAt: [511], lostAt: [510] })).toEqual({
    bucketMilliseconds: 10,
    acknowledged: [2, 0, 1],
    refused: [0, 1, 0],
    lost: [0, 1, 0],
  });
});

test('rows that were acknowledged and are not there are named', () => {
  expect(lostRows(Int32Array.from([4, 1, 3]), new Set([1, 2]))).toEqual([3, 4]);
  expect(lostRows(Int32Array.from([1, 2]), new Set([1, 2, 3]))).toEqual([]);
});
