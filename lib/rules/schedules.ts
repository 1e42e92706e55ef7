import { computePerMonth, PRICES } from './prices.ts';
import { findSku, type Sku } from './skus.ts';

/** Weekly times at which a server is started, stopped or given another size, in a time zone with its own summer. */

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface WeeklyTime {
  days: readonly Weekday[];
  /** `19:30` of the time zone's own clocks. */
  time: string;
  /** An IANA name: `Europe/Berlin`. */
  timeZone: string;
}

export interface Schedule extends WeeklyTime {
  action: 'Start' | 'Stop' | 'Scale';
  enabled: boolean;
  /** What to scale to. */
  sku?: { name: string; tier: string } | undefined;
}

const DAY_MS = 24 * 60 * 60_000;
const WEEK_HOURS = 7 * 24;

/** What is wrong with it and the member that is, or undefined. */
export function scheduleProblem(schedule: Schedule): { target: string; message: string } | undefined {
  if (schedule.days.length === 0) return { target: 'days', message: 'A schedule needs at least one day of the week.' };
  if (new Set(schedule.days).size < schedule.days.length) {
    return { target: 'days', message: 'Name each day of the week once.' };
  }
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(schedule.time)) {
    return { target: 'time', message: `'${schedule.time}' is not a time from 00:00 to 23:59.` };
  }
  if (!isTimeZone(schedule.timeZone)) {
    return {
      target: 'timeZone',
      message: `'${schedule.timeZone}' is not a time zone. Use an IANA name such as Europe/Berlin or UTC.`,
    };
  }
  if (schedule.action !== 'Scale') {
    return schedule.sku ? { target: 'sku', message: 'Only a schedule that scales has a size.' } : undefined;
  }
  const sku = schedule.sku && findSku(schedule.sku.name);
  if (!sku) return { target: 'sku', message: 'A schedule that scales needs a size that is offered.' };
  if (sku.tier === schedule.sku?.tier) return undefined;
  return { target: 'sku.tier', message: `The size '${sku.name}' belongs to the tier ${sku.tier}.` };
}

/** The last time at or before `now`, milliseconds since 1970. */
export function lastDue(at: WeeklyTime, now: number): number {
  return dueAround(at, now).findLast((due) => due <= now)!;
}

/** The first time after `now`. */
export function nextDue(at: WeeklyTime, now: number): number {
  return dueAround(at, now).find((due) => due > now)!;
}

/** Every time from more than a week before to more than a week after, in order. */
function dueAround({ days, time, timeZone }: WeeklyTime, now: number): number[] {
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  const found: number[] = [];
  for (let offset = -8; offset <= 8; offset++) {
    const { year, month, day, weekday } = localTime(now + offset * DAY_MS, timeZone);
    if (days.includes(weekday)) found.push(instantOf(Date.UTC(year, month - 1, day, hour, minute), timeZone));
  }
  // A day of 25 hours may be met twice.
  return [...new Set(found)].sort((a, b) => a - b);
}

/**
 * When the zone's clocks show that time: the first time where they show it twice, and where they never do (they are put
 * forward over it) as long after the gap as it lies in it.
 *
 * @param shown date and time on the clock, written as if it were UTC.
 */
export function instantOf(shown: number, timeZone: string): number {
  const before = shown - offsetAt(shown - DAY_MS, timeZone);
  const after = shown - offsetAt(shown + DAY_MS, timeZone);
  const right = [before, after].filter((instant) => instant + offsetAt(instant, timeZone) === shown);
  return right.length > 0 ? Math.min(...right) : before;
}

/** Milliseconds that the zone's clocks are ahead of UTC. */
function offsetAt(instant: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = localTime(instant, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(instant: number, timeZone: string) {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'long',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  formats.set(timeZone, format);
  const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const number = (name: string) => Number(part[name]);
  return {
    year: number('year'),
    month: number('month'),
    day: number('day'),
    hour: number('hour'),
    minute: number('minute'),
    second: number('second'),
    weekday: part['weekday'] as Weekday,
  };
}

function isTimeZone(name: string): boolean {
  // Offsets are taken too, which have no summer: names alone say what people mean.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone: name }));
  } catch {
    return false;
  }
}

/** What schedules make of the week that begins now, once they have gone round. */
export interface ScheduledWeek {
  stoppedHours: number;
  /** Compute, dollars a month by list price, on the sizes and in the hours that the schedules leave. */
  computePerMonth: number;
  /** What the schedules save of it, against the server's size running all the time. */
  savedPerMonth: number;
}

/** @param server its size and whether it has a standby, which is billed too. */
export function scheduledWeek(
  { sku, standby }: { sku: Sku; standby: boolean },
  schedules: readonly Schedule[],
  now: number,
): ScheduledWeek {
  const events = schedules
    .filter((schedule) => schedule.enabled && !scheduleProblem(schedule))
    .flatMap((schedule) => dueAround(schedule, now).map((at) => ({ at, schedule })))
    .sort((a, b) => a.at - b.at);
  const end = now + WEEK_HOURS * 60 * 60_000;
  let state = { size: sku, stopped: false };
  let at = now;
  let stoppedMs = 0;
  let dollars = 0;
  const count = (until: number) => {
    const from = Math.min(Math.max(at, now), end);
    const ms = Math.min(Math.max(until, now), end) - from;
    if (state.stopped) stoppedMs += ms;
    else dollars += (computePerMonth(state.size) / PRICES.hoursPerMonth) * (ms / 3_600_000);
    at = until;
  };
  // The week before decides in what state this one begins.
  for (const { at: due, schedule } of events) {
    count(due);
    if (schedule.action === 'Scale') state = { ...state, size: findSku(schedule.sku!.name)! };
    else state = { ...state, stopped: schedule.action === 'Stop' };
  }
  count(end);
  const copies = standby ? 2 : 1;
  const scheduled = (dollars / WEEK_HOURS) * PRICES.hoursPerMonth * copies;
  return {
    stoppedHours: stoppedMs / 3_600_000,
    computePerMonth: scheduled,
    savedPerMonth: computePerMonth(sku) * copies - scheduled,
  };
}

export const AUTO_START_DAYS = { min: 1, default: 7, max: 30 } as const;

/** When a stopped server starts by itself. */
export function autoStartAt(stoppedAt: number, afterDays: number): number {
  return stoppedAt + afterDays * DAY_MS;
}
