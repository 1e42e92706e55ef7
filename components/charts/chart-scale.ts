/** Where a chart's numbers lie in its picture: pure, in pixels. */

export interface Plot {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** In pixels: what recharts is told and the cursor counts with. */
export const AXIS_WIDTH = 64;
export const AXIS_HEIGHT = 30;
export const MARGIN = { top: 8, right: 16, bottom: 0, left: 4 };

type Values = readonly (number | null)[];

const ROUND = [1, 2, 2.5, 5, 10];

/**
 * Round values from 0 up to where all that is shown has room; the last one is the axis's end.
 *
 * @param unit ARM's: bytes are round in powers of 1024, counts are whole.
 * @param most steps of them.
 */
export function valueTicks(highest: number, unit: string, most = 4): number[] {
  const top = highest > 0 && Number.isFinite(highest) ? highest : 1;
  const scale = unit === 'Bytes' ? 1024 ** Math.max(0, Math.floor(Math.log2(top) / 10)) : 1;
  const rough = top / scale / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = ROUND.find((each) => each * power >= rough * (1 - 1e-9))! * power;
  const step = (unit === 'Count' ? Math.max(1, Math.ceil(round)) : round) * scale;
  const count = Math.max(1, Math.ceil((top / step) * (1 - 1e-9)));
  // Multiplied and not added up, or 0.1 + 0.2 is written on the axis.
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The highest of all values; 0 without any. */
export function highestOf(lists: readonly Values[]): number {
  let highest = 0;
  for (const values of lists) for (const value of values) if (value !== null && value > highest) highest = value;
  return highest;
}

/** Pixels from the left of a sample. */
export function xOf(index: number, count: number, { left, width }: Plot): number {
  return left + (count < 2 ? width / 2 : (index / (count - 1)) * width);
}

export function yOf(value: number, highest: number, { top, height }: Plot): number {
  return top + (1 - value / highest) * height;
}

/** The sample nearest to a place. @param x pixels from the left. */
export function indexAt(x: number, count: number, { left, width }: Plot): number {
  return Math.max(0, Math.min(count - 1, Math.round(((x - left) / width) * (count - 1))));
}
