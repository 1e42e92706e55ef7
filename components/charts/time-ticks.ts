import { dateFormat } from '@/components/ui/format-time';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  3 * DAY,
  5 * DAY,
  10 * DAY,
];

/**
 * Round times of the person's zone to write on an axis.
 *
 * @param most how many have room.
 * @param offsetOf the zone's offset at a moment, in milliseconds to add to UTC.
 */
export function timeTicks(
  from: number,
  to: number,
  most: number,
  offsetOf: (time: number) => number = (time) => -new Date(time).getTimezoneOffset() * MINUTE,
): number[] {
  const step = STEPS.find((each) => (to - from) / each <= most) ?? Math.ceil((to - from) / most / DAY) * DAY;
  const ticks: number[] = [];
  // Each tick by its own offset, so that midnights stay midnights over a change of clocks.
  for (let local = Math.ceil((from + offsetOf(from)) / step) * step; ; local += step) {
    const time = local - offsetOf(local - offsetOf(from));
    if (time > to) return ticks;
    if (time >= from) ticks.push(time);
  }
}

/** What is written at a tick: the time of day, or the day where one begins or the ticks are days apart. */
export function tickLabel(time: number, ticks: readonly number[], locale?: string): string {
  const date = new Date(time);
  const apart = ticks.length > 1 ? ticks[1]! - ticks[0]! : 0;
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  return apart >= DAY - HOUR || isMidnight
    ? dateFormat(locale, { day: 'numeric', month: 'short' }).format(date)
    : dateFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(date);
}
