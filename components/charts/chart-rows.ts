import type { ChartSeries } from './chart-model';

/** What is drawn at one time: of each series its value, and its lowest and highest. */
export interface ChartRow {
  time: number;
  values: (number | null)[];
  ranges: ([number, number] | null)[];
}

/** Rows of a column of pixels that stands for many samples. */
const PER_COLUMN = 4;

/**
 * Rows to draw. Where samples lie closer than pixels, each column of pixels gets the first, lowest, highest and last of
 * its samples: the same picture as of all of them, at the cost of the screen's width.
 *
 * @param width of the plot, in pixels.
 */
export function chartRows(times: readonly number[], series: readonly ChartSeries[], width: number): ChartRow[] {
  if (times.length <= width * 2) {
    return times.map((time, index) => ({
      time,
      values: series.map(({ values }) => values[index] ?? null),
      ranges: series.map(({ range }) => between(range?.minimum[index], range?.maximum[index])),
    }));
  }
  return columns(times.length, width).flatMap(([from, to]) => {
    const values = series.map((one) => outline(one.values, from, to));
    const ranges = series.map(({ range }) =>
      between(outline(range?.minimum ?? [], from, to)?.[1], outline(range?.maximum ?? [], from, to)?.[2]),
    );
    return Array.from({ length: PER_COLUMN }, (_, place) => ({
      time: times[from]!,
      values: values.map((four) => four?.[place] ?? null),
      ranges,
    }));
  });
}

/** The samples of each column of pixels: from the first to before the second. */
function columns(count: number, width: number): [number, number][] {
  const wide = Math.max(1, Math.floor(width));
  return Array.from({ length: wide }, (_, column) => [
    Math.floor((column * count) / wide),
    Math.floor(((column + 1) * count) / wide),
  ]);
}

/** First, lowest, highest and last; nothing where there is no sample. */
function outline(
  values: readonly (number | null)[],
  from: number,
  to: number,
): [number, number, number, number] | undefined {
  let found: [number, number, number, number] | undefined;
  for (let index = from; index < to; index++) {
    const value = values[index];
    if (value == null) continue;
    if (!found) found = [value, value, value, value];
    if (value < found[1]) found[1] = value;
    if (value > found[2]) found[2] = value;
    found[3] = value;
  }
  return found;
}

function between(lowest: number | null | undefined, highest: number | null | undefined): [number, number] | null {
  return lowest == null || highest == null ? null : [lowest, highest];
}
