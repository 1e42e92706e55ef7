/** Where a chart's numbers lie in its picture: pure, in pixels. */

export interface Plot {
  left: number;
  top: number;
  width: number;
  height: number;
}

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

/**
 * A line as an SVG path. A gap stays open. Where samples lie closer than pixels, each column of pixels shows the first, lowest,
 * highest and last of its samples: the same picture as of all of them, at the cost of the screen's width.
 */
export function linePath(values: Values, highest: number, plot: Plot): string {
  const count = values.length;
  let path = '';
  let isOpen = false;
  const move = (x: number, value: number) => {
    path += `${isOpen ? 'L' : 'M'}${tenth(x)} ${tenth(yOf(value, highest, plot))}`;
    isOpen = true;
  };
  if (count <= plot.width * 2) {
    values.forEach((value, index) => {
      if (value === null) isOpen = false;
      else move(xOf(index, count, plot), value);
    });
    return path;
  }
  for (const { x, samples } of columns(values, plot)) {
    if (samples === undefined) isOpen = false;
    else for (const value of new Set(samples)) move(x, value);
  }
  return path;
}

/** Samples that stand alone between gaps, which a line would not show: a path of dots. */
export function lonePath(values: Values, highest: number, plot: Plot): string {
  const count = values.length;
  if (count > plot.width * 2) return '';
  let path = '';
  values.forEach((value, index) => {
    if (value === null || values[index - 1] != null || values[index + 1] != null) return;
    path += `M${tenth(xOf(index, count, plot))} ${tenth(yOf(value, highest, plot))}h0.01`;
  });
  return path;
}

/** The area between lowest and highest as an SVG path, a closed part between each two gaps. */
export function bandPath(minimum: Values, maximum: Values, highest: number, plot: Plot): string {
  const count = minimum.length;
  const isDense = count > plot.width * 2;
  const lows = isDense ? [...columns(minimum, plot)].map(({ x, samples }) => ({ x, value: samples?.[1] })) : undefined;
  const highs = isDense ? [...columns(maximum, plot)].map(({ x, samples }) => ({ x, value: samples?.[2] })) : undefined;
  const at = (list: typeof lows, values: Values, index: number) =>
    list ? list[index] : { x: xOf(index, count, plot), value: values[index] ?? undefined };
  let path = '';
  let upper: string[] = [];
  let lower: string[] = [];
  const close = () => {
    if (upper.length > 1) path += `M${upper.join('L')}L${lower.reverse().join('L')}Z`;
    upper = [];
    lower = [];
  };
  for (let index = 0; index < (lows?.length ?? count); index++) {
    const low = at(lows, minimum, index);
    const high = at(highs, maximum, index);
    if (low?.value === undefined || high?.value === undefined) close();
    else {
      upper.push(`${tenth(high.x)} ${tenth(yOf(high.value, highest, plot))}`);
      lower.push(`${tenth(low.x)} ${tenth(yOf(low.value, highest, plot))}`);
    }
  }
  close();
  return path;
}

/** For each column of pixels its samples' first, lowest, highest and last; nothing for one without samples. */
function* columns(values: Values, plot: Plot): Generator<{ x: number; samples: number[] | undefined }> {
  const perPixel = (values.length - 1) / plot.width;
  let index = 0;
  for (let column = 0; column <= plot.width; column++) {
    const end = Math.min(values.length, Math.ceil((column + 1) * perPixel));
    let samples: [number, number, number, number] | undefined;
    for (; index < end; index++) {
      const value = values[index];
      if (value == null) continue;
      if (!samples) samples = [value, value, value, value];
      else {
        if (value < samples[1]) samples[1] = value;
        if (value > samples[2]) samples[2] = value;
        samples[3] = value;
      }
    }
    yield { x: plot.left + column, samples };
    if (index >= values.length) return;
  }
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
