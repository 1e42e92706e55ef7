import { expect, test } from 'vitest';
import { positionOf, SCALE_STEPS, storageAt } from './storage-scale';

test('the slider goes from the least to the most, never back, in round numbers', () => {
  const values = Array.from({ length: SCALE_STEPS + 1 }, (_, position) => storageAt(position, 20, 16384));
  expect(values[0]).toBe(20);
  expect(values.at(-1)).toBe(16384);
  expect(values).toEqual(values.toSorted((a, b) => a - b));
  expect(values.slice(1, -1).every((value) => value % 10 ** Math.max(0, String(value).length - 2) === 0)).toBe(true);
});

test('a typed value finds its place, one outside the nearest end', () => {
  expect(storageAt(positionOf(1000, 20, 16384), 20, 16384)).toBeGreaterThan(950);
  expect(storageAt(positionOf(1000, 20, 16384), 20, 16384)).toBeLessThan(1050);
  expect(positionOf(5, 20, 16384)).toBe(0);
  expect(positionOf(99_999, 20, 16384)).toBe(SCALE_STEPS);
  expect(positionOf(Number.NaN, 20, 16384)).toBe(0);
});
