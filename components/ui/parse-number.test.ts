import { describe, expect, it } from 'vitest';
import { formatNumber, parseNumber, stepNumber } from './parse-number.ts';

describe('numbers as people write them', () => {
  it('are read in their format', () => {
    expect(parseNumber('16,384', 'en')).toBe(16_384);
    expect(parseNumber('16.384,5', 'de')).toBe(16_384.5);
    expect(parseNumber(' 16 384 ', 'en')).toBe(16_384);
    expect(parseNumber('', 'en')).toBeNaN();
    for (const wrong of ['abc', '1.2.3', '1e9', '--2', '0x10']) expect(parseNumber(wrong, 'en'), wrong).toBeUndefined();
  });

  it('are taken as they were typed, and stepped within the limits', () => {
    const limits = { min: 20, max: 100, step: 5 };
    expect(parseNumber('3', 'en')).toBe(3);
    expect(stepNumber(3, 1, limits)).toBe(20);
    expect(stepNumber(1000, -1, limits)).toBe(100);
    expect(stepNumber(43, 1, limits)).toBe(50);
    expect(stepNumber(100, 1, limits)).toBe(100);
    expect(stepNumber(Number.NaN, 1, limits)).toBe(20);
    expect(stepNumber(0.1, 2, { step: 0.1 })).toBe(0.3);
  });

  it('are written in their format', () => {
    expect(formatNumber(16_384, 'en')).toBe('16,384');
    expect(formatNumber(Number.NaN)).toBe('');
  });
});
