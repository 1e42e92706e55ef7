/** What retention takes for the time, as it was last. Milliseconds. */
export interface SteadyTime {
  /** Since 1970. */
  at: number;
  /** For so long the clock has been ahead of it. */
  aheadMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What a clock may be set forward between two looks, as by time servers, and be believed at once. */
const SET_MS = 5 * MINUTE_MS;
/** And while nobody looked. */
const AWAY_MS = 24 * HOUR_MS;
/** A clock that is ahead for so long is right. */
const BELIEVED_MS = 6 * HOUR_MS;

/**
 * The time by which backups grow old. A clock that jumps ahead would have them all deleted at once, and they are not
 * there any more when it is set right: so a jump is not believed before it has lasted. Meanwhile they grow old as time
 * goes by. Pure.
 *
 * @param before undefined: nobody has looked yet.
 * @param look.elapsedMs since the last look of this process, by a clock that cannot be set; undefined: it is its first.
 */
export function steadyTime(
  before: SteadyTime | undefined,
  { now, elapsedMs }: { now: number; elapsedMs: number | undefined },
): SteadyTime {
  if (!before) return { at: now, aheadMs: 0 };
  const passed = Math.max(0, elapsedMs ?? 0);
  const at = before.at + passed;
  if (now <= at + (elapsedMs === undefined ? AWAY_MS : SET_MS)) return { at: now, aheadMs: 0 };
  const aheadMs = before.aheadMs + passed;
  return aheadMs >= BELIEVED_MS ? { at: now, aheadMs: 0 } : { at, aheadMs };
}
