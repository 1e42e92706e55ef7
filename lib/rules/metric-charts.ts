import { AGGREGATIONS, type Aggregation } from '../arm/insights/aggregations.ts';
import type { MetricDefinition } from '../arm/insights/metrics.ts';

/** One chart: metrics drawn together, by one aggregation. */
export interface ChartChoice {
  metrics: string[];
  aggregation: Aggregation;
}

/** As many colours as there are that anybody can tell apart. */
export const MOST_METRICS = 4;
/** One axis at each side. */
const MOST_UNITS = 2;
export const MOST_CHARTS = 12;

/** What a new visitor sees. */
export const DEFAULT_CHARTS: readonly ChartChoice[] = [
  { metrics: ['cpu_percent', 'memory_percent'], aggregation: 'Average' },
  { metrics: ['active_connections', 'total_connections'], aggregation: 'Maximum' },
  { metrics: ['Queries', 'Slow_queries'], aggregation: 'Total' },
  { metrics: ['io_consumption_percent', 'storage_percent'], aggregation: 'Average' },
];

/** For the address: `cpu_percent,memory_percent~Average;Queries~Total`. */
export function writeCharts(charts: readonly ChartChoice[]): string {
  return charts.map(({ metrics, aggregation }) => `${metrics.join(',')}~${aggregation}`).join(';');
}

/** Reads an address that anybody may have written: what makes no sense is left out. */
export function readCharts(text: string): ChartChoice[] {
  return text
    .split(';')
    .map((chart): ChartChoice => {
      const [names = '', aggregation] = chart.split('~');
      return {
        metrics: [...new Set(names.split(',').filter((name) => /^\w{1,80}$/.test(name)))].slice(0, MOST_METRICS),
        aggregation: AGGREGATIONS.find((each) => each === aggregation) ?? 'Average',
      };
    })
    .filter(({ metrics }) => metrics.length > 0)
    .slice(0, MOST_CHARTS);
}

/** Why a metric cannot join the others in a chart; undefined when it can. */
export function joinProblem(
  metric: MetricDefinition,
  chosen: readonly string[],
  definitions: readonly MetricDefinition[],
): string | undefined {
  if (chosen.includes(metric.name.value)) return undefined;
  if (chosen.length >= MOST_METRICS) return `A chart shows ${MOST_METRICS} metrics at most.`;
  const units = new Set(
    definitions.filter(({ name }) => chosen.includes(name.value)).map(({ unit }) => unit ?? 'Count'),
  );
  return units.size >= MOST_UNITS && !units.has(metric.unit ?? 'Count')
    ? 'The chart has two axes with other units already.'
    : undefined;
}

/** How metrics are best shown together: a sum where that is what each is for, else the first that all support. */
export function bestAggregation(metrics: readonly string[], definitions: readonly MetricDefinition[]): Aggregation {
  const found = definitions.filter(({ name }) => metrics.includes(name.value));
  if (found.every(({ primaryAggregationType }) => primaryAggregationType === 'Total')) return 'Total';
  return (
    (['Average', 'Maximum', 'Minimum', 'Total'] as const).find((each) =>
      found.every(({ supportedAggregationTypes }) => supportedAggregationTypes?.includes(each)),
    ) ?? 'Average'
  );
}
