/** Major version upgrades: which series of MySQL a server can go to, as MySQL's manual ("Upgrade Paths") and Azure have it. */

/** The last series of each major version, which alone leads to the next major version. */
const LONG_TERM: Readonly<Record<number, readonly [number, number]>> = { 5: [5, 7], 8: [8, 4], 9: [9, 7] };

export interface UpgradeSituation {
  /** Series: `9.7`. Azure says 8.0.21 for 8.0. */
  from: string;
  to: string;
  /** Of the server's size. */
  tier: string;
  hasReplicas?: boolean;
}

/** Numbers of a series: `8.0.21` → [8, 0]. */
function numbers(series: string): [number, number] {
  const [major = 0, minor = 0] = series.split('.').map(Number);
  return [major, minor];
}

/** Positive when `one` is the newer series. */
export function compareSeries(one: string, other: string): number {
  const [a, b] = [numbers(one), numbers(other)];
  return a[0] - b[0] || a[1] - b[1];
}

/** Of these series, those newer than `current`, next one first. */
export function newerSeries(versions: readonly string[], current: string): string[] {
  return versions.filter((version) => compareSeries(version, current) > 0).toSorted(compareSeries);
}

/** Why a server cannot be upgraded to that series, and what to do instead; undefined when it can. */
export function upgradeProblem({ from, to, tier, hasReplicas = false }: UpgradeSituation): string | undefined {
  if (compareSeries(to, from) <= 0) {
    return `This server runs MySQL ${from}. It cannot be taken back to ${to}: restore it to a moment before its upgrade, or create a server of MySQL ${to} and move the data to it.`;
  }
  const over = steppedOver(from, to);
  if (over) return `MySQL ${from} cannot be upgraded to ${to} at once. Upgrade to ${over} first.`;
  if (tier === 'Burstable') {
    return 'A Burstable server cannot be upgraded to another major version. Change its compute to General Purpose or Memory Optimized first.';
  }
  if (hasReplicas) return 'The server has read replicas. Upgrade each of them first.';
  return undefined;
}

/** The series that has to come between; undefined when none has. */
function steppedOver(from: string, to: string): string | undefined {
  const [[major, minor], [toMajor, toMinor]] = [numbers(from), numbers(to)];
  // Before 8.4 each series was a major version.
  if (major === 5) return toMajor === 8 && toMinor === 0 ? undefined : '8.0';
  if (major === 8 && minor === 0) return toMajor === 8 && toMinor === 4 ? undefined : '8.4';
  if (major === toMajor) return undefined;
  const last = LONG_TERM[major];
  if (last && minor !== last[1]) return last.join('.');
  if (toMajor === major + 1) return undefined;
  const next = LONG_TERM[major + 1];
  return next ? next.join('.') : `${major + 1}`;
}
