import { describe, expect, it, test } from 'vitest';
import { cpuCreditsOf, creditsAfter, creditWords } from './cpu-credits.ts';
import { SKUS } from './skus.ts';

const HOUR = 3_600_000;
const small = cpuCreditsOf({ name: 'Standard_B1ms', vCores: 1 })!;

describe('CPU credits', () => {
  it('are there for every Burstable size, and for no other', () => {
    for (const sku of SKUS) expect(cpuCreditsOf(sku) !== undefined, sku.name).toBe(sku.tier === 'Burstable');
  });

  it.each<[string, number | undefined, number, number, number]>([
    ['a new server has some', undefined, 0, 0, 30],
    ['an idle one gets more', 100, HOUR, 0, 112],
    ['at most a day’s', 285, HOUR, 0, 288],
    ['a busy one uses them', 100, HOUR, 60, 52],
    ['until none are left', 10, HOUR, 60, 0],
    ['at its baseline it keeps what it has', 50, HOUR, 12, 50],
  ])('%s', (_, before, elapsed, consumed, expected) => {
    expect(creditsAfter(small, before, elapsed, consumed)).toBeCloseTo(expected);
  });
});

test('says where the balance goes', () => {
  const credits = { perHour: 12, most: 288, first: 30 };
  expect(creditWords(credits, undefined, undefined)).toMatch(/^Nothing was measured/);
  expect(creditWords(credits, 100, 3)).toMatch(/grows/);
  expect(creditWords(credits, 288, 0)).toMatch(/^No more are kept/);
  expect(creditWords(credits, 96, 60)).toBe('As in the last hour, they are used up in about 2 hours.');
  expect(creditWords(credits, 12, 60)).toBe('As in the last hour, they are used up in about 15 minutes.');
  expect(creditWords(credits, 0, 12)).toMatch(/^None are left/);
});
