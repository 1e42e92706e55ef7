/**
 * One hour of one metric as bytes: which of the 60 minutes there are, then a column for each of what a minute holds.
 * A column is a constant, or whole numbers over a base in 1, 2 or 4 bytes each (hundredths where it has two decimals),
 * or plain doubles: a quiet counter takes 18 bytes an hour, a busy percentage about 200.
 */

/** One minute's sample. Counters have three equal numbers. */
export interface MinuteSample {
  minimum: number;
  maximum: number;
  /** Of a counter how much it rose; of a level its mean. */
  value: number;
}

/** Sixty places; a minute without a sample has none. */
export type HourSamples = readonly (MinuteSample | undefined)[];

const MINUTES = 60;
const CONSTANT = 0;
const DOUBLES = 8;
const HUNDREDTHS = 0x10;
const COLUMNS = ['value', 'minimum', 'maximum'] as const;

export function encodeHour(samples: HourSamples): Uint8Array {
  const present = samples.flatMap((sample, minute) => (sample ? [{ minute, sample }] : []));
  const same = present.every(({ sample }) => sample.minimum === sample.value && sample.maximum === sample.value);
  const columns = (same ? COLUMNS.slice(0, 1) : COLUMNS).map((name) =>
    encodeColumn(present.map(({ sample }) => sample[name])),
  );
  const bytes = new Uint8Array(9 + columns.reduce((sum, column) => sum + column.length, 0));
  for (const { minute } of present) bytes[minute >> 3]! |= 1 << (minute & 7);
  bytes[8] = columns.length;
  let at = 9;
  for (const column of columns) {
    bytes.set(column, at);
    at += column.length;
  }
  return bytes;
}

function encodeColumn(numbers: readonly number[]): Uint8Array {
  const base = numbers.reduce((least, number) => Math.min(least, number), Infinity);
  if (numbers.every((number) => number === base)) return header(CONSTANT, Number.isFinite(base) ? base : 0, 0).bytes;
  for (const [scale, mark] of [
    [1, 0],
    [100, HUNDREDTHS],
  ] as const) {
    const steps = numbers.map((number) => Math.round((number - base) * scale));
    const exact = steps.every((step, index) => roundTrip(base, step, scale) === numbers[index]);
    const most = Math.max(...steps);
    if (!exact || most > 0xffff_ffff) continue;
    const width = most <= 0xff ? 1 : most <= 0xffff ? 2 : 4;
    const { bytes, view } = header(width | mark, base, numbers.length * width);
    steps.forEach((step, index) => {
      const at = 9 + index * width;
      if (width === 1) view.setUint8(at, step);
      else if (width === 2) view.setUint16(at, step, true);
      else view.setUint32(at, step, true);
    });
    return bytes;
  }
  const { bytes, view } = header(DOUBLES, 0, numbers.length * 8);
  numbers.forEach((number, index) => view.setFloat64(9 + index * 8, number, true));
  return bytes;
}

function header(kind: number, base: number, length: number) {
  const bytes = new Uint8Array(9 + length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setFloat64(1, base, true);
  return { bytes, view };
}

/** Two decimals are kept as they were: 0.1 + 0.2 must come back as 0.3. */
function roundTrip(base: number, step: number, scale: number): number {
  return scale === 1 ? base + step : Math.round(base * scale + step) / scale;
}

/** Calls `each` for every minute that has a sample, in order. Made for speed: a long chart reads thousands of hours. */
export function decodeHour(
  bytes: Uint8Array,
  each: (minute: number, value: number, minimum: number, maximum: number) => void,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let present = 0;
  for (let minute = 0; minute < MINUTES; minute++) present += (bytes[minute >> 3]! >> (minute & 7)) & 1;
  let at = 9;
  const read = (): Float64Array => {
    const column = decodeColumn(view, at, present);
    at += 9 + present * widthOf(view.getUint8(at));
    return column;
  };
  const value = read();
  const same = bytes[8] === 1;
  const minimum = same ? value : read();
  const maximum = same ? value : read();
  let index = 0;
  for (let minute = 0; minute < MINUTES; minute++) {
    if (((bytes[minute >> 3]! >> (minute & 7)) & 1) === 0) continue;
    each(minute, value[index]!, minimum[index]!, maximum[index]!);
    index += 1;
  }
}

function widthOf(kind: number): number {
  return kind & 0x0f;
}

function decodeColumn(view: DataView, at: number, length: number): Float64Array {
  const kind = view.getUint8(at);
  const base = view.getFloat64(at + 1, true);
  const column = new Float64Array(length);
  const width = widthOf(kind);
  if (width === CONSTANT) return column.fill(base);
  const scale = (kind & HUNDREDTHS) === 0 ? 1 : 100;
  for (let index = 0; index < length; index++) {
    const place = at + 9 + index * width;
    if (width === DOUBLES) column[index] = view.getFloat64(place, true);
    else {
      const step =
        width === 1 ? view.getUint8(place) : width === 2 ? view.getUint16(place, true) : view.getUint32(place, true);
      column[index] = roundTrip(base, step, scale);
    }
  }
  return column;
}
