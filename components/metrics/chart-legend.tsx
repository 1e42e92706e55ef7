import type { Aggregation } from '@/lib/arm/insights/aggregations';
import type { MetricSeries } from '@/lib/arm/insights/metrics';
import { formatMetric } from '@/lib/rules/metric-values';

/** Which line is which, and what each was over the whole time. */
export function ChartLegend({ series, aggregation }: { series: readonly MetricSeries[]; aggregation: Aggregation }) {
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-1 px-4 pt-2.5 pb-1">
      {series.map(({ name, displayName, unit, values }, index) => {
        const total = overall(values, aggregation);
        return (
          <li key={name} className="flex items-baseline gap-2">
            <span
              aria-hidden
              className="h-[3px] w-3.5 shrink-0 self-center rounded-full"
              style={{ background: `var(--series-${index + 1})` }}
            />
            <span className="min-w-0 break-words text-text-2">{displayName}</span>
            <b className="shrink-0 font-semibold whitespace-nowrap">
              {total === undefined ? '–' : aggregation === 'Count' ? total : formatMetric(total, unit)}
            </b>
          </li>
        );
      })}
    </ul>
  );
}

/** The aggregation over all steps. A mean of means is the mean where each step has as many samples, as here nearly always. */
function overall(values: readonly (number | null)[], aggregation: Aggregation): number | undefined {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return undefined;
  switch (aggregation) {
    case 'Minimum':
      return Math.min(...known);
    case 'Maximum':
      return Math.max(...known);
    case 'Average':
      return known.reduce((sum, value) => sum + value, 0) / known.length;
    default:
      return known.reduce((sum, value) => sum + value, 0);
  }
}
