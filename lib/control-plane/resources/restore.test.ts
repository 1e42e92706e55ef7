import { expect, test } from 'vitest';
import { requireMoment } from './restore.ts';

const NOW = Date.UTC(2026, 10, 23, 4, 5, 6, 789);

test('without a time it is the newest moment', () => {
  expect(requireMoment(undefined, NOW)).toBeNull();
  expect(requireMoment(null, NOW)).toBeNull();
});

test('a clock that is a little ahead asks for now', () => {
  expect(requireMoment('2026-11-23T04:05:08Z', NOW)).toBe(NOW * 1000);
});

test.each([
  ['2026-11-23T04:06:00Z', /is in the future\. It is 2026-11-23T04:05:06\.789000Z now \(UTC\)/],
  // Half past four here, an hour east of it, is not yet.
  ['2026-11-23T05:30:00+01:00', /2026-11-23T04:30:00\.000000Z is in the future/],
  ['23.11.2026 4:05', /is not a time\. Send one like 2026-11-23T04:05:06\.789000Z, in UTC or with its zone/],
  ['2026-02-29T00:00:00Z', /is not a time/],
])('%s is refused in words that help', (text, words) => {
  expect(() => requireMoment(text, NOW)).toThrow(
    expect.objectContaining({
      code: 'InvalidRestorePointInTime',
      status: 400,
      message: expect.stringMatching(words),
      target: 'properties.restorePointInTime',
    }),
  );
});
