/**
 * Moments of a server's log: ISO 8601 in UTC with up to six decimals (`2026-11-22T14:03:22.512345Z`). Each transaction
 * has a microsecond of its own, which a number of milliseconds would not keep apart; so moments stay text.
 */

const WIRE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)$/;
const TYPED = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,6}))?)?\s*(Z|UTC)?$/i;
const HOUR = 3_600_000;

/** Milliseconds since 1970, with the microseconds as a fraction: for places on an axis, not to send. NaN for no moment. */
export function momentTime(moment: string): number {
  const [, seconds, fraction = ''] = WIRE.exec(moment) ?? [];
  if (seconds === undefined) return Date.parse(moment);
  return Date.parse(`${seconds}Z`) + Number(`0.${fraction || '0'}`) * 1000;
}

/** A moment to the millisecond. @param time milliseconds since 1970. */
export function momentAt(time: number): string {
  return new Date(time).toISOString();
}

/** `2026-11-22 14:03:22.512345` in the person's zone, without decimals that are 0. */
export function momentInZone(moment: string): string {
  const time = new Date(momentTime(moment));
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}${decimalsOf(moment)}`;
}

/** `2026-11-22 13:03:22.512345 UTC`. */
export function momentInUtc(moment: string): string {
  const seconds = new Date(momentTime(moment)).toISOString().slice(0, 19).replace('T', ' ');
  return `${seconds}${decimalsOf(moment)} UTC`;
}

export type TypedMoment = { moment: string; note?: string; problem?: undefined } | { problem: string };

/**
 * What a person typed: `2026-11-22 14:03:22.512` in their zone, or with `Z` or `UTC` at its end in UTC. Seconds and
 * decimals may be left out. A time that the clocks leap over is refused; of one that comes twice the first is meant, and
 * `note` says so.
 */
export function parseMoment(text: string): TypedMoment {
  const [, year, month, day, hour, minute, second = '00', fraction = '', utc] = TYPED.exec(text.trim()) ?? [];
  if (year === undefined) {
    return { problem: 'Write it as 2026-11-22 14:03:22.512, in your zone, or with Z at the end in UTC.' };
  }
  const fields = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [y, mo, d, h, mi, s] = fields;
  const time = utc ? Date.UTC(y, mo - 1, d, h, mi, s) : new Date(y, mo - 1, d, h, mi, s).getTime();
  if (!same(fieldsOf(time, utc !== undefined), fields)) {
    const leapt = !utc && same(fieldsOf(Date.UTC(y, mo - 1, d, h, mi, s), true), fields);
    return {
      problem: leapt
        ? 'Clocks in your zone leap over that time. Choose one before or after it.'
        : 'There is no such date or time.',
    };
  }
  const decimals = fraction.replace(/0+$/, '');
  const moment = `${new Date(time).toISOString().slice(0, 19)}${decimals && `.${decimals}`}Z`;
  const twice = !utc && [time - HOUR, time + HOUR].some((other) => same(fieldsOf(other, false), fields));
  if (!twice) return { moment };
  return {
    moment,
    note: 'Clocks in your zone go back then, so that time comes twice: this is the first. Write it in UTC, with Z, to choose.',
  };
}

/** Below 0 when `a` is before `b`, to the microsecond. */
export function compareMoments(a: string, b: string): number {
  const [left, right] = [sortable(a), sortable(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortable(moment: string): string {
  const [, seconds = '', fraction = ''] = WIRE.exec(moment) ?? [];
  return `${seconds}.${fraction.padEnd(9, '0')}`;
}

function decimalsOf(moment: string): string {
  const decimals = (WIRE.exec(moment)?.[2] ?? '').slice(0, 6).replace(/0+$/, '');
  return decimals && `.${decimals}`;
}

function fieldsOf(time: number, utc: boolean): number[] {
  const date = new Date(time);
  return utc
    ? [
        date.getUTCFullYear(),
        date.getUTCMonth() + 1,
        date.getUTCDate(),
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
      ]
    : [date.getFullYear(), date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()];
}

const same = (a: readonly number[], b: readonly number[]) => a.every((value, index) => value === b[index]);
const two = (value: number) => String(value).padStart(2, '0');
