import { describe, expect, it } from 'vitest';
import { formatDuration, formatRelative, formatTime, formatUtc } from './format-time.ts';

const at = new Date('2026-11-22T13:03:22.511Z');
const after = (seconds: number) => new Date(at.getTime() + seconds * 1000);

describe('times', () => {
  it('are written in the person’s zone, and in UTC beside it', () => {
    expect(formatTime(at, { locale: 'en-GB', timeZone: 'Europe/Berlin' })).toBe('22 Nov 2026, 14:03');
    expect(
      formatTime(new Date('2026-11-22T23:00:05Z'), { locale: 'en-GB', timeZone: 'Europe/Berlin', seconds: true }),
    ).toBe('23 Nov 2026, 00:00:05');
    expect(formatUtc(at)).toBe('2026-11-22 13:03:22 UTC');
  });

  it('are told by how far away they are', () => {
    expect(formatRelative(at, after(3), 'en')).toBe('now');
    expect(formatRelative(at, after(59), 'en')).toBe('59 seconds ago');
    expect(formatRelative(at, after(125), 'en')).toBe('2 minutes ago');
    expect(formatRelative(at, after(-90_000), 'en')).toBe('tomorrow');
  });

  it('that passed have two parts at most', () => {
    expect(formatDuration(-5)).toBe('0 s');
    expect(formatDuration(42_900)).toBe('42 s');
    expect(formatDuration(185_000)).toBe('3 min 5 s');
    expect(formatDuration(180_000)).toBe('3 min');
    expect(formatDuration(7_805_000)).toBe('2 h 10 min');
    expect(formatDuration(90_000_000)).toBe('1 d 1 h');
  });
});
