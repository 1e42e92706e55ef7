import type { Series, SeriesQuery } from '../store/samples.ts';
import type { Aggregation } from '../../arm/insights/aggregations.ts';

const DAY = 86_400_000;

/**
 * A series as the points of a metrics answer, JSON without the brackets around: a month by the minute is 43,200 of them,
 * and making an object of each first would take three times as long. A step without a sample has its time stamp alone.
 */
export function renderPoints(
  { from, stepMs, steps }: Pick<SeriesQuery, 'from' | 'stepMs' | 'steps'>,
  { minimum, maximum, total, count }: Series,
  aggregations: readonly Aggregation[],
): string {
  const wanted = new Set(aggregations);
  const average = wanted.has('Average');
  const least = wanted.has('Minimum');
  const most = wanted.has('Maximum');
  const sum = wanted.has('Total');
  const samples = wanted.has('Count');
  const stamp = timeStamps();
  let text = '';
  for (let step = 0; step < steps; step++) {
    text += `${step === 0 ? '' : ','}{"timeStamp":"${stamp(from + step * stepMs)}"`;
    const minutes = count[step]!;
    if (minutes > 0) {
      if (average) text += `,"average":${total[step]! / minutes}`;
      if (least) text += `,"minimum":${minimum[step]}`;
      if (most) text += `,"maximum":${maximum[step]}`;
      if (sum) text += `,"total":${total[step]}`;
      if (samples) text += `,"count":${minutes}`;
    }
    text += '}';
  }
  return text;
}

/** `2026-01-31T12:05:00Z` of whole minutes, the day's part made once a day. */
function timeStamps(): (at: number) => string {
  let day = Number.NaN;
  let date = '';
  return (at) => {
    const today = Math.floor(at / DAY);
    if (today !== day) {
      day = today;
      date = new Date(at).toISOString().slice(0, 11);
    }
    const minute = Math.floor((at - today * DAY) / 60_000);
    return `${date}${TWO_DIGITS[Math.floor(minute / 60)]}:${TWO_DIGITS[minute % 60]}:00Z`;
  };
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
