/** Moments of a log: microseconds since 1970, on the wire ISO in UTC with six decimals. */

/** `2026-11-22T14:03:22.512345Z` */
export function momentText(moment: number): string {
  const milliseconds = Math.floor(moment / 1000);
  const micros = String(moment - milliseconds * 1000).padStart(3, '0');
  return new Date(milliseconds).toISOString().replace('Z', `${micros}Z`);
}

/** For what may not be there: null. */
export function momentTextOrNull(moment: number | null | undefined): string | null {
  return moment === null || moment === undefined ? null : momentText(moment);
}

/**
 * An ISO time with up to six decimals (what follows them is cut off) and a zone; one without a zone is UTC.
 *
 * @returns undefined when it is no time.
 */
export function parseMoment(text: string): number | undefined {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?$/i.exec(
    text.trim().replace(' ', 'T'),
  );
  if (!found) return undefined;
  const [, seconds = '', decimals = '', zone = 'Z'] = found;
  const whole = Date.parse(`${seconds.length === 16 ? `${seconds}:00` : seconds}${zone.toUpperCase()}`);
  if (Number.isNaN(whole) || !isDay(seconds.slice(0, 10))) return undefined;
  return whole * 1000 + Number(decimals.slice(0, 6).padEnd(6, '0'));
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isDay(date: string): boolean {
  return new Date(`${date}T00:00:00Z`).toISOString().startsWith(date);
}
