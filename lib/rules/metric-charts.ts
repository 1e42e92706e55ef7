import { AGGREGATIONS, type Aggregation } from '../arm/insights/aggregations.ts';
import type { MetricData, MetricDefinition, MetricSeries } from '../arm/insights/metrics.ts';
import type { ServerKey } from '../arm/resource-id.ts';

/** One chart: metrics drawn together, by one aggregation. */
export interface ChartChoice {
  metrics: string[];
  aggregation: Aggregation;
  /** Servers shown beside the one whose chart it is. */
  servers?: ServerKey[] | undefined;
}

/** As many colours as there are that anybody can tell apart: one for each metric of each server. */
export const MOST_LINES = 4;
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

/** For the address: `cpu_percent,memory_percent~Average;Queries~Total~<subscription>/<group>/<server>`. */
export function writeCharts(charts: readonly ChartChoice[]): string {
  return charts
    .map(({ metrics, aggregation, servers = [] }) => {
      const others = servers.map((key) => [key.subscriptionId, key.resourceGroup, key.serverName].join('/'));
      return [metrics.join(','), aggregation, ...(others.length > 0 ? [others.join(',')] : [])].join('~');
    })
    .join(';');
}

/** Reads an address that anybody may have written: what makes no sense is left out. */
export function readCharts(text: string): ChartChoice[] {
  return text
    .split(';')
    .map((chart): ChartChoice => {
      const [names = '', aggregation, others = ''] = chart.split('~');
      const metrics = [...new Set(names.split(',').filter((name) => /^\w{1,80}$/.test(name)))].slice(0, MOST_LINES);
      const servers = [...new Set(others.split(','))]
        .flatMap((other): ServerKey | [] => {
          const [, subscriptionId, resourceGroup, serverName] = SERVER.exec(other) ?? [];
          return subscriptionId && resourceGroup && serverName ? { subscriptionId, resourceGroup, serverName } : [];
        })
        .slice(0, Math.floor(MOST_LINES / Math.max(1, metrics.length)) - 1);
      return {
        metrics,
        aggregation: AGGREGATIONS.find((each) => each === aggregation) ?? 'Average',
        ...(servers.length > 0 && { servers }),
      };
    })
    .filter(({ metrics }) => metrics.length > 0)
    .slice(0, MOST_CHARTS);
}

const SERVER = /^([0-9a-fA-F-]{36})\/([\p{L}\p{N}._()-]{1,90})\/([a-zA-Z0-9-]{3,63})$/u;

/** Why another server cannot join a chart; undefined when it can. */
export function serverJoinProblem(metrics: number, others: number): string | undefined {
  if (metrics * (others + 2) <= MOST_LINES) return undefined;
  return metrics > 2
    ? `A chart shows ${MOST_LINES} lines at most: choose fewer metrics to compare servers.`
    : `A chart shows ${MOST_LINES} lines at most.`;
}

/**
 * Several servers' metrics as those of one chart, on common times. What one server has no sample for is a gap in its line.
 *
 * @param parts by server; the first one is whose chart it is.
 */
export function mergeServers(parts: readonly { serverName: string; data: MetricData }[]): MetricData | undefined {
  const [first] = parts;
  if (!first || parts.length === 1) return first?.data;
  const times = [...new Set(parts.flatMap(({ data }) => data.times))].sort((one, other) => one - other);
  return {
    times,
    interval: first.data.interval,
    series: parts.flatMap(({ serverName, data }) => {
      const places = new Map(data.times.map((time, index) => [time, index]));
      const onAll = (values: MetricSeries['values']) => times.map((time) => values[places.get(time) ?? -1] ?? null);
      return data.series.map((one): MetricSeries => ({
        ...one,
        name: `${one.name} ${serverName}`,
        displayName: data.series.length === 1 ? serverName : `${one.displayName}, ${serverName}`,
        values: onAll(one.values),
        range: one.range && { minimum: onAll(one.range.minimum), maximum: onAll(one.range.maximum) },
      }));
    }),
  };
}

/** Why a metric cannot join the others in a chart; undefined when it can. @param others servers that are shown, too. */
export function joinProblem(
  metric: MetricDefinition,
  chosen: readonly string[],
  definitions: readonly MetricDefinition[],
  others = 0,
): string | undefined {
  if (chosen.includes(metric.name.value)) return undefined;
  if (chosen.length >= MOST_LINES) return `A chart shows ${MOST_LINES} metrics at most.`;
  if ((chosen.length + 1) * (others + 1) > MOST_LINES) {
    return `A chart shows ${MOST_LINES} lines at most: choose fewer servers to see more metrics.`;
  }
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
