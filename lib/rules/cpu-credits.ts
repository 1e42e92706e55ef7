/**
 * CPU credits of Burstable sizes: one is a vCore fully used for a minute. A server gets so many an hour, keeps at most a
 * day's, and uses them by what its processor does. Source: Azure's page of the B series of virtual machines.
 */

// credits an hour, most that are kept
const ROWS: Readonly<Record<string, readonly [number, number]>> = {
  Standard_B1s: [6, 144],
  Standard_B1ms: [12, 288],
  Standard_B2s: [24, 576],
  Standard_B2ms: [36, 864],
  Standard_B4ms: [54, 1296],
  Standard_B8ms: [81, 1944],
  Standard_B12ms: [121, 2909],
  Standard_B16ms: [162, 3888],
  Standard_B20ms: [203, 4867],
};
/** What a new server begins with, for each vCore. */
const FIRST_PER_VCORE = 30;

export interface CpuCredits {
  perHour: number;
  most: number;
  /** What a new server begins with. */
  first: number;
}

/** Undefined for sizes that have none. */
export function cpuCreditsOf(sku: { name: string; vCores: number }): CpuCredits | undefined {
  const row = ROWS[sku.name];
  return row && { perHour: row[0], most: row[1], first: Math.min(row[1], FIRST_PER_VCORE * sku.vCores) };
}

/**
 * What is left after a while.
 *
 * @param before what was left at its beginning; undefined for a server that begins.
 * @param elapsedMs how long it was; credits are got all the time, used or not.
 * @param consumed credits that were used in it.
 */
export function creditsAfter(
  { perHour, most, first }: CpuCredits,
  before: number | undefined,
  elapsedMs: number,
  consumed: number,
): number {
  const got = (perHour * elapsedMs) / 3_600_000;
  return Math.min(most, Math.max(0, (before ?? first) + got - consumed));
}

/**
 * Where the balance goes when the next hours are as the last was, a sentence for people.
 *
 * @param left undefined while nothing was measured.
 * @param usedPerHour credits.
 */
export function creditWords(
  { perHour, most }: CpuCredits,
  left: number | undefined,
  usedPerHour: number | undefined,
): string {
  if (left === undefined || usedPerHour === undefined) return 'Nothing was measured in the last hour.';
  const net = perHour - usedPerHour;
  if (left <= 0 && net <= 0) return 'None are left: the server uses all that it gets. A larger size gets more.';
  if (net >= 0) return left >= most ? 'No more are kept than a day brings.' : 'As in the last hour, the balance grows.';
  const hours = left / -net;
  const time = hours < 1 ? `${Math.max(1, Math.round(hours * 60))} minutes` : `${Math.round(hours)} hours`;
  return `As in the last hour, they are used up in about ${time}.`;
}
