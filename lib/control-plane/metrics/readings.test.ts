import { describe, expect, it } from 'vitest';
import { buildMinute } from './minute.ts';
import { risen, type Readings } from './readings.ts';

const readings = (life: string, counters: Record<string, number>, ageMs?: number): Readings => ({
  life,
  ...(ageMs !== undefined && { ageMs }),
  counters: new Map(Object.entries(counters)),
  levels: new Map(),
});

describe('how much counters rose', () => {
  const QUARTER = 15_000;

  it('is nothing the first time', () => {
    expect(risen(undefined, readings('a', { Queries: 7 }), QUARTER).size).toBe(0);
  });

  it('is the difference within one life', () => {
    expect(risen(readings('a', { Queries: 7 }), readings('a', { Queries: 9 }), QUARTER)).toEqual(
      new Map([['Queries', 2]]),
    );
  });

  it('is all of it after a restart, and never negative', () => {
    const before = readings('a', { Queries: 70_000 }, 900_000);
    expect(risen(before, readings('b', { Queries: 12 }, 4_000), QUARTER)).toEqual(new Map([['Queries', 12]]));
    // A counter that was reset while its process went on.
    expect(risen(before, readings('a', { Queries: 3 }), QUARTER)).toEqual(new Map([['Queries', 3]]));
  });

  it('is unknown for a process that had a life of its own before', () => {
    const promoted = readings('b', { Queries: 500_000 }, 86_400_000);
    expect(risen(readings('a', { Queries: 7 }), promoted, QUARTER).size).toBe(0);
    expect(risen(readings('a', { bytes: 7 }), readings('b', { bytes: 9 }), QUARTER).size).toBe(0);
  });

  it('leaves out what was not read before', () => {
    expect(risen(readings('a', {}), readings('a', { Queries: 9 }), QUARTER).size).toBe(0);
  });
});

describe('a minute', () => {
  it('sums counters and keeps mean, least and most of levels', () => {
    const minute = buildMinute();
    for (const [rise, level] of [
      [3, 10],
      [0, 40],
      [4, 20],
    ] as const) {
      minute.add(new Map([['Queries', rise]]), new Map([['cpu_percent', level]]));
    }
    expect(minute.finish()).toEqual(
      new Map([
        ['Queries', { minimum: 7, maximum: 7, value: 7 }],
        ['cpu_percent', { minimum: 10, maximum: 40, value: 23.33 }],
      ]),
    );
  });

  it('without a reading has no sample', () => {
    expect(buildMinute().finish().size).toBe(0);
  });
});
