import type { MetricData } from '../arm/insights/metrics.ts';

/** A chart's numbers as CSV (RFC 4180): times in UTC, a gap is an empty cell. */
export function metricCsv({ times, series }: MetricData, aggregation: string): string {
  const head = ['time (UTC)', ...series.map(({ displayName, unit }) => `${displayName} (${aggregation}, ${unit})`)];
  const rows = times.map((time, index) => [
    new Date(time).toISOString(),
    ...series.map(({ values }) => String(values[index] ?? '')),
  ]);
  return [head, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
  // Spreadsheets run what begins so.
  const harmless = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
