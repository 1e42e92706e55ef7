import { highestOf, valueTicks } from './chart-scale';

type Values = readonly (number | null)[];

export interface ChartSeries {
  id: string;
  label: string;
  unit: string;
  /** One for each time; null is a gap. */
  values: Values;
  /** The lowest and the highest behind each value. */
  range?: { minimum: Values; maximum: Values } | undefined;
}

export interface ChartEvent {
  at: number;
  label: string;
  tone: 'ok' | 'bad' | 'off';
}

export interface TimeChartProps {
  label: string;
  /** Milliseconds since 1970, evenly apart. */
  times: readonly number[];
  stepMs: number;
  /** Up to four, of at most two units. */
  series: readonly ChartSeries[];
  format: (value: number, unit: string) => string;
  events: readonly ChartEvent[];
  /** Lines across: what a rule compares with. */
  thresholds?: readonly { unit: string; value: number }[];
  /** Somebody drew over a part of it. Absent: it shows all there is, and nothing can be drawn over. */
  onZoom?: ((from: number, to: number) => void) | undefined;
  height: number;
}

export interface Axis {
  unit: string;
  ticks: number[];
  /** The last of them. */
  highest: number;
}

/** An axis for each unit, high enough for all that is drawn by it. */
export function axesOf(series: readonly ChartSeries[], thresholds: NonNullable<TimeChartProps['thresholds']>): Axis[] {
  return [...new Set(series.map(({ unit }) => unit))].map((unit) => {
    const here = series.filter((one) => one.unit === unit);
    const drawn = highestOf(here.flatMap(({ values, range }) => (range ? [values, range.maximum] : [values])));
    // A threshold far above all that was measured is drawn nevertheless, with air above.
    const across = thresholds.filter((one) => one.unit === unit).map(({ value }) => value * 1.1);
    const ticks = valueTicks(Math.max(drawn, ...across), unit);
    return { unit, ticks, highest: ticks.at(-1)! };
  });
}

/** The step that a moment lies in. */
export function stepOf(at: number, times: readonly number[], stepMs: number): number {
  return Math.max(0, Math.min(times.length - 1, Math.floor((at - times[0]!) / stepMs)));
}

/** Where events are marked: one line for each step that has any, however many; bad where one of them is. */
export function marksOf(
  events: readonly ChartEvent[],
  times: readonly number[],
  stepMs: number,
): Map<number, ChartEvent['tone']> {
  const marks = new Map<number, ChartEvent['tone']>();
  for (const { at, tone } of events) {
    const step = stepOf(at, times, stepMs);
    if (marks.get(step) !== 'bad') marks.set(step, tone);
  }
  return marks;
}
