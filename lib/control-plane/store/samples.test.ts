import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeHour, encodeHour, type MinuteSample } from './sample-hour.ts';
import {
  appendMinute,
  openSamplesDatabase,
  packNextHour,
  pruneSamples,
  readNewestMinute,
  readSeries,
  type SeriesQuery,
} from './samples.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 31, 12);

const hundredths = fc.integer({ min: -1000, max: 20_000_000 }).map((number) => number / 100);
const number = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 2 ** 50 }),
  hundredths,
  // -0 and 0 are the same number.
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((double) => double + 0),
);
const sample = fc.oneof(
  number.map((value): MinuteSample => ({ minimum: value, maximum: value, value })),
  fc.tuple(number, number, number).map(([minimum, maximum, value]): MinuteSample => ({ minimum, maximum, value })),
);
const hour = fc.array(fc.option(sample, { nil: undefined }), { minLength: 60, maxLength: 60 });

function decoded(bytes: Uint8Array): (MinuteSample | undefined)[] {
  const samples: (MinuteSample | undefined)[] = Array.from({ length: 60 });
  decodeHour(bytes, (minute, value, minimum, maximum) => (samples[minute] = { minimum, maximum, value }));
  return samples;
}

describe('an hour as bytes', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(hour, (samples) => {
        expect(decoded(encodeHour(samples))).toEqual(samples);
      }),
    );
  });

  it('is small', () => {
    const flat = Array.from({ length: 60 }, () => ({ minimum: 0, maximum: 0, value: 0 }));
    const percent = flat.map((_, index) => ({ minimum: index / 4, maximum: index + 0.5, value: index / 2 + 0.01 }));
    expect(encodeHour(flat)).toHaveLength(18);
    expect(encodeHour(percent).length).toBeLessThan(9 + 3 * (9 + 2 * 60) + 1);
  });
});

/** A server's minutes from START on; undefined is a gap. */
function storeOf(minutes: readonly (MinuteSample | undefined)[]) {
  const database = openSamplesDatabase(':memory:');
  minutes.forEach((one, index) => {
    if (one) appendMinute(database, 'server', START + index * MINUTE, new Map([['cpu_percent', one]]));
  });
  return database;
}

function packAll(database: ReturnType<typeof storeOf>, before: number): void {
  while (packNextHour(database, before));
}

/** The same, from the minutes themselves. */
function aggregate(minutes: readonly (MinuteSample | undefined)[], { from, stepMs, steps }: SeriesQuery) {
  return Array.from({ length: steps }, (_, step) => {
    const within = minutes.filter((one, index): one is MinuteSample => {
      const at = START + index * MINUTE;
      return one !== undefined && at >= from + step * stepMs && at < from + (step + 1) * stepMs;
    });
    if (within.length === 0) return undefined;
    return {
      minimum: Math.min(...within.map(({ minimum }) => minimum)),
      maximum: Math.max(...within.map(({ maximum }) => maximum)),
      total: within.reduce((sum, { value }) => sum + value, 0),
      count: within.length,
    };
  });
}

function steps(database: ReturnType<typeof storeOf>, query: SeriesQuery) {
  const { minimum, maximum, total, count } = readSeries(database, query);
  return [...count].map((minutes, step) =>
    minutes === 0
      ? undefined
      : { minimum: minimum[step]!, maximum: maximum[step]!, total: total[step]!, count: minutes },
  );
}

const whole = fc.integer({ min: 0, max: 100_000 });
const minutes = fc.array(
  fc.option(
    whole.map((value): MinuteSample => ({ minimum: value - 1, maximum: value + 1, value })),
    { nil: undefined, freq: 4 },
  ),
  { minLength: 1, maxLength: 400 },
);

describe('a series', () => {
  it('is the same from minutes, packed hours and both, at every interval and from every minute', () => {
    fc.assert(
      fc.property(
        minutes,
        fc.constantFrom(1, 5, 15, 30, 60, 360, 720, 1440),
        fc.integer({ min: -90, max: 90 }),
        fc.integer({ min: 0, max: 500 }),
        (samples, stepMinutes, offset, packedMinutes) => {
          const query: SeriesQuery = {
            serverId: 'server',
            metric: 'cpu_percent',
            from: START + offset * MINUTE,
            stepMs: stepMinutes * MINUTE,
            steps: Math.ceil(500 / stepMinutes),
          };
          const database = storeOf(samples);
          const expected = aggregate(samples, query);
          expect(steps(database, query)).toEqual(expected);
          packAll(database, START + packedMinutes * MINUTE);
          expect(steps(database, query)).toEqual(expected);
          packAll(database, START + 24 * HOUR);
          expect(steps(database, query)).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('of a server or a metric that nobody knows has no samples', () => {
    const query = { serverId: 'other', metric: 'cpu_percent', from: START, stepMs: HOUR, steps: 2 };
    expect([...readSeries(storeOf([]), query).count]).toEqual([0, 0]);
  });
});

describe('what is kept', () => {
  const one = (value: number): MinuteSample => ({ minimum: value, maximum: value, value });
  const query = { serverId: 'server', metric: 'cpu_percent', from: START, stepMs: MINUTE, steps: 3 };

  it('is not written over when the clock is set back, packed or not', () => {
    const database = storeOf([one(1), undefined, one(3)]);
    const again = (minute: number) =>
      appendMinute(database, 'server', START + minute * MINUTE, new Map([['cpu_percent', one(9)]]));
    again(0);
    expect(steps(database, query).map((step) => step?.total)).toEqual([1, undefined, 3]);
    packAll(database, START + HOUR);
    again(0);
    again(2);
    expect(steps(database, query).map((step) => step?.total)).toEqual([1, undefined, 3]);
  });

  it('goes after its time', () => {
    const database = storeOf(Array.from({ length: 180 }, (_, index) => one(index)));
    packAll(database, START + 2 * HOUR);
    expect(pruneSamples(database, START + HOUR)).toBe(1);
    const hours = steps(database, { ...query, stepMs: HOUR });
    expect(hours.map((step) => step?.count)).toEqual([undefined, 60, 60]);
  });

  it('knows the newest minute', () => {
    const database = storeOf([one(1), one(2)]);
    expect(readNewestMinute(database, 'server', START)).toEqual({
      minute: START + MINUTE,
      samples: new Map([['cpu_percent', one(2)]]),
    });
    expect(readNewestMinute(database, 'server', START + HOUR)).toBeUndefined();
    expect(readNewestMinute(database, 'other', START)).toBeUndefined();
  });
});
