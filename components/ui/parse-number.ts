interface Limits {
  min?: number;
  max?: number;
  step: number;
}

/** `16,384` in the person's format; nothing for NaN. */
export function formatNumber(value: number, locale?: string): string {
  return Number.isNaN(value) ? '' : new Intl.NumberFormat(locale, { maximumFractionDigits: 6 }).format(value);
}

/**
 * Reads what was typed in the person's format (grouping is ignored). It is taken as it is: whoever holds the value says
 * what is wrong with one out of range, instead of another number standing there unasked.
 *
 * @returns NaN for an empty text, undefined for what is no number.
 */
export function parseNumber(text: string, locale?: string): number | undefined {
  const parts = new Intl.NumberFormat(locale).formatToParts(12345.6);
  const decimal = parts.find((part) => part.type === 'decimal')?.value ?? '.';
  const group = parts.find((part) => part.type === 'group')?.value ?? ',';
  const plain = text
    .replaceAll(group, '')
    .replaceAll(/[\s’']/g, '')
    .replace(decimal, '.')
    .replace('−', '-');
  if (plain === '') return Number.NaN;
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(plain)) return undefined;
  return Number(plain);
}

/** So many steps on, within the limits; an empty field starts at the least. */
export function stepNumber(value: number, steps: number, limits: Limits): number {
  if (Number.isNaN(value)) return limits.min ?? 0;
  return bring(value + steps * limits.step, limits);
}

function bring(value: number, { min, max, step }: Limits): number {
  const base = min ?? 0;
  // Steps are counted from the least, as in HTML; rounding keeps 0.1 + 0.2 from showing.
  const stepped = Number((base + Math.round((value - base) / step) * step).toFixed(6));
  return Math.min(Math.max(stepped, min ?? -Infinity), max ?? Infinity);
}
