import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { compareMoments, momentInUtc, momentInZone, momentTime, parseMoment } from './moments.ts';

beforeEach(() => vi.stubEnv('TZ', 'Europe/Paris'));
afterEach(() => vi.unstubAllEnvs());

describe('what a person types', () => {
  test('is meant in their zone, to the microsecond', () => {
    expect(parseMoment('2026-11-22 14:03:22.512345')).toEqual({ moment: '2026-11-22T13:03:22.512345Z' });
    expect(parseMoment('2026-07-01T14:03')).toEqual({ moment: '2026-07-01T12:03:00Z' });
  });

  test('or in UTC where it says so', () => {
    expect(parseMoment('2026-11-22 14:03:22 UTC')).toEqual({ moment: '2026-11-22T14:03:22Z' });
    expect(parseMoment(' 2026-11-22 14:03:22.5z ')).toEqual({ moment: '2026-11-22T14:03:22.5Z' });
  });

  test('cannot be a time that the clocks leap over', () => {
    expect(parseMoment('2026-03-29 02:30:00').problem).toContain('leap over');
    expect(parseMoment('2026-03-29 02:30:00Z')).toEqual({ moment: '2026-03-29T02:30:00Z' });
  });

  test('is the first of two where the clocks go back, and says so', () => {
    const typed = parseMoment('2026-10-25 02:30:00');
    expect(typed).toMatchObject({ moment: '2026-10-25T00:30:00Z', note: expect.stringContaining('twice') });
  });

  test.each([
    '',
    'yesterday',
    '2026-11-22',
    '2026-13-01 00:00',
    '2026-02-30 10:00',
    '2026-11-22 24:01',
    '22.11.2026 14:03',
  ])('is refused where it is no time: %s', (text) => expect(parseMoment(text).problem).toBeDefined());
});

test('moments are shown with the decimals that they have', () => {
  expect(momentInZone('2026-11-22T13:03:22.512300Z')).toBe('2026-11-22 14:03:22.5123');
  expect(momentInUtc('2026-11-22T13:03:22.000000Z')).toBe('2026-11-22 13:03:22 UTC');
  expect(momentTime('2026-11-22T13:03:22.512345Z')).toBeCloseTo(Date.parse('2026-11-22T13:03:22.512Z') + 0.345, 2);
});

test('moments a microsecond apart are apart', () => {
  expect(compareMoments('2026-11-22T13:03:22.512344Z', '2026-11-22T13:03:22.512345Z')).toBe(-1);
  expect(compareMoments('2026-11-22T13:03:22.5Z', '2026-11-22T13:03:22.500000Z')).toBe(0);
});
