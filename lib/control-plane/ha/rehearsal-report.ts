import type { RehearsalSamples } from '../../arm/local/failover-rehearsal.ts';

/** One stretch of time of the samples. */
export const BUCKET_MS = 10;

/** What the writers of a rehearsal saw. Times in milliseconds since 1970, with their fractions. */
export interface WriterRecord {
  /** Numbers of the acknowledged rows, and when each was acknowledged: in that order. */
  numbers: Int32Array;
  acknowledgedAt: Float64Array;
  /** Attempts to connect that were turned down. */
  refusedAt: readonly number[];
  /** Sessions that ended under a writer. */
  lostAt: readonly number[];
  /** What turned them down or ended them, and how often. */
  errors: Record<string, number>;
}

export interface Gap {
  milliseconds: number;
  start: number;
}

/**
 * The longest time in which nothing was acknowledged, between two moments. One that began before counts whole; one that
 * did not end by then counts up to there.
 *
 * @param times ascending.
 */
export function longestGap(times: Float64Array, from: number, to: number): Gap {
  let longest: Gap = { milliseconds: 0, start: from };
  let last = from;
  const take = (end: number) => {
    if (end - last > longest.milliseconds) longest = { milliseconds: end - last, start: last };
  };
  for (const time of times) {
    if (time > to) break;
    if (time >= from) take(time);
    last = time;
  }
  take(to);
  return longest;
}

/** Counts per stretch of time, from the first acknowledged write to the last thing seen. */
export function sampleRecord({ acknowledgedAt, refusedAt, lostAt }: WriterRecord): RehearsalSamples {
  const start = acknowledgedAt[0] ?? 0;
  const bucketOf = (at: number) => Math.max(0, Math.floor((at - start) / BUCKET_MS));
  const end = Math.max(start, acknowledgedAt.at(-1) ?? start, ...refusedAt.slice(-1), ...lostAt.slice(-1));
  const count = (times: Iterable<number>) => {
    const counts = Array.from({ length: bucketOf(end) + 1 }, () => 0);
    for (const at of times) counts[bucketOf(at)]! += 1;
    return counts;
  };
  return {
    bucketMilliseconds: BUCKET_MS,
    acknowledged: count(acknowledgedAt),
    refused: count(refusedAt),
    lost: count(lostAt),
  };
}

/** The acknowledged rows that are not there, in order. @param there numbers of the rows that are. */
export function lostRows(numbers: Int32Array, there: ReadonlySet<number>): number[] {
  return [...numbers].filter((number) => !there.has(number)).toSorted((one, other) => one - other);
}
