import { formatBytes } from './bytes.ts';

/** `12.3 %`, `1.5 GiB`, `1,204`: a metric's value for people. */
export function formatMetric(value: number, unit: string, locale?: string): string {
  switch (unit) {
    case 'Bytes':
      return formatBytes(value);
    case 'Percent':
      return `${number(value, value >= 10 ? 1 : 2, locale)} %`;
    case 'Seconds':
      return `${number(value, 1, locale)} s`;
    case 'MilliSeconds':
      return `${number(value, 1, locale)} ms`;
    default:
      return number(value, 2, locale);
  }
}

const formats = new Map<string, Intl.NumberFormat>();

/** A chart writes thirty numbers with each move of the pointer: what formats them is made once. */
function number(value: number, digits: number, locale?: string): string {
  const key = `${locale ?? ''} ${digits}`;
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale, { maximumFractionDigits: digits })));
  return format.format(value);
}

/** `Average` in words; Azure's portal calls a total a sum. */
export const AGGREGATION_LABELS: Record<string, string> = {
  Average: 'Average',
  Minimum: 'Minimum',
  Maximum: 'Maximum',
  Total: 'Sum',
  Count: 'Samples',
};
