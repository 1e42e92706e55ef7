import { queryOptions } from '@tanstack/react-query';
import type { Aggregation } from '../arm/insights/aggregations.ts';
import type { MetricData, MetricDefinition } from '../arm/insights/metrics.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { GRAINS, boundsOf, type Grain, type TimeChoice } from '../rules/metric-time.ts';
import { keyOf, read, readQuery } from './client.ts';

/** The metrics that a server has; they change with a new version of the service only. */
export function metricDefinitionsQuery(key: ServerKey) {
  return { ...readQuery<MetricDefinition[]>(apiPaths.metricDefinitions(key)), staleTime: 60 * 60_000 };
}

export interface MetricsChoice extends TimeChoice {
  metrics: readonly string[];
  aggregation: Aggregation;
  grain: Grain;
}

/** A new minute is there a second or two after it has ended. */
const SETTLES_MS = 4_000;
const MINUTE = 60_000;

/**
 * What metrics were in a time. One that ends now is read again when there is something new: once a minute.
 *
 * The key has the range and not its moments, so that a refresh replaces what is shown.
 */
export function metricsQuery(key: ServerKey, { metrics, aggregation, grain, ...time }: MetricsChoice) {
  // Behind the mean of a minute are four readings; behind that of an hour much that it hides.
  const range = aggregation === 'Average' && grain.ms > MINUTE;
  const path = (from: number, to: number) =>
    apiPaths.metrics(key, {
      metrics: metrics.join(','),
      aggregation,
      interval: grain.id,
      from,
      to,
      ...(range && { range: 'true' as const }),
    });
  const isLive = time.range !== null;
  return queryOptions({
    queryKey: [
      ...keyOf(apiPaths.server(key)),
      'metrics',
      { metrics: metrics.join(','), aggregation, interval: grain.id, ...time },
    ],
    queryFn: ({ signal }) => {
      const { from, to } = boundsOf(time, grain, Date.now());
      return read<MetricData>(path(from, to), signal);
    },
    refetchInterval: isLive ? () => MINUTE - ((Date.now() - SETTLES_MS) % MINUTE) : false,
  });
}

/** The last hour by the minute: for sparklines. */
export function lastHourQuery(key: ServerKey, metrics: readonly string[], aggregation: Aggregation) {
  return metricsQuery(key, { metrics, aggregation, grain: GRAINS[0], range: 'PT1H', from: null, to: null });
}
