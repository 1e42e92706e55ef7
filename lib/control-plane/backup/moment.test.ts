import { expect, test } from 'vitest';
import { momentText, parseMoment } from './moment.ts';

const AT = Date.UTC(2026, 9, 25, 1, 30, 0) * 1000;

test.each([
  ['2026-10-25T01:30:00Z', 0],
  ['2026-10-25T01:30Z', 0],
  ['2026-10-25 01:30:00', 0],
  [' 2026-10-25t01:30:00.5z ', 500_000],
  ['2026-10-25T01:30:00,000001Z', 1],
  ['2026-10-25T01:30:00.1234567Z', 123_456],
  // The hour that comes twice where clocks are put back: its zone says which of the two is meant.
  ['2026-10-25T02:30:00+01:00', 0],
  ['2026-10-25T03:30:00+0200', 0],
  ['2026-10-25T02:30:00+02:00', -3_600_000_000],
  ['2026-10-24T20:30:00.25-05:00', 250_000],
])('reads %s', (text, after) => expect(parseMoment(text)).toBe(AT + after));

test.each([
  '',
  'yesterday',
  '2026-10-25',
  '2026-10-25T25:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-10-25T01:30:00 Europe/Paris',
  '2026-10-25T01:30:00+25:00',
  '1761355800',
])('refuses %j', (text) => expect(parseMoment(text)).toBeUndefined());

test('writes microseconds in UTC, and reads them back', () => {
  expect(momentText(AT + 7)).toBe('2026-10-25T01:30:00.000007Z');
  expect(parseMoment(momentText(AT + 999_999))).toBe(AT + 999_999);
});
