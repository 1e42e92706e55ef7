/** What was read at one moment, from wherever it could be. What could not be read is not there. */
export interface Readings {
  /**
   * Which life of the process the counters belong to: they begin at 0 with each. Undefined when nothing says so; then a
   * fall alone tells.
   */
  life?: string;
  /** Milliseconds since that life began. */
  ageMs?: number;
  /** Totals that only rise within a life. */
  counters: ReadonlyMap<string, number>;
  levels: ReadonlyMap<string, number>;
}

export const NO_READINGS: Readings = { counters: new Map(), levels: new Map() };

/**
 * How much each counter rose between two readings of one source.
 *
 * In a new life it began at 0, so all of it is new: if that life began since the earlier reading. A process that ran
 * before (one that was promoted) has counted things that did not happen here: nothing is said of it the first time.
 *
 * @param elapsedMs between the two.
 */
export function risen(earlier: Readings | undefined, later: Readings, elapsedMs: number): Map<string, number> {
  const rises = new Map<string, number>();
  if (!earlier) return rises;
  const sameLife = earlier.life === later.life;
  // Ages are told in whole seconds.
  if (!sameLife && (later.ageMs === undefined || later.ageMs > elapsedMs + 1000)) return rises;
  for (const [name, now] of later.counters) {
    const before = earlier.counters.get(name);
    if (!sameLife) rises.set(name, now);
    else if (before !== undefined) rises.set(name, now >= before ? now - before : now);
  }
  return rises;
}
