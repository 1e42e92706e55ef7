import { describe, expect, it } from 'vitest';
import { grownStorage, readOnlyBelowBytes } from './storage.ts';

const GIB = 1024 ** 3;

describe('storage', () => {
  it.each<[number, number]>([
    [20, 1],
    [100, 5],
    [101, 5],
    [16384, 5],
  ])('of %i GiB takes no writes with less than %i GiB free', (size, free) => {
    expect(readOnlyBelowBytes(size)).toBe(free * GIB);
  });

  it.each<[number, number, number | undefined]>([
    [20, 2, undefined],
    [20, 1.99, 25],
    [100, 9.9, 105],
    [101, 10, undefined],
    [200, 9.9, 210],
    [201, 9.9, 212],
    [16384, 1, undefined],
    [16380, 1, 16384],
  ])('of %i GiB with %d GiB free grows to %s', (size, free, expected) => {
    expect(grownStorage(size, free * GIB, 'GeneralPurpose')).toBe(expected);
  });
});
