import type { Aggregation } from '../arm/insights/aggregations.ts';
import { MetricDefinition, metricData, MetricsResponse, type MetricData } from '../arm/insights/metrics.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient } from './client.ts';
import { serverPath } from './servers.ts';

/** Microsoft.Insights/metrics and metricDefinitions. */
const API_VERSION = '2024-02-01';

/** The metrics that a server has. @throws {ArmError} */
export function listMetricDefinitions(arm: ArmClient, key: ServerKey): Promise<MetricDefinition[]> {
  return arm.list(`${serverPath(key)}/providers/Microsoft.Insights/metricDefinitions`, API_VERSION, MetricDefinition);
}

export interface MetricsQuery {
  /** At most 20, as the REST API calls them. */
  metrics: readonly string[];
  aggregation: Aggregation;
  /** The lowest and the highest of each step beside it. */
  withRange?: boolean;
  from: Date;
  to: Date;
  /** ISO 8601, one of the metrics' time grains. */
  interval: string;
}

/** What metrics were. @throws {ArmError} */
export async function readMetrics(
  arm: ArmClient,
  key: ServerKey,
  { metrics, aggregation, withRange = false, from, to, interval }: MetricsQuery,
): Promise<MetricData> {
  const query = new URLSearchParams({
    timespan: `${from.toISOString()}/${to.toISOString()}`,
    interval,
    metricnames: metrics.join(','),
    aggregation: withRange ? `${aggregation},Minimum,Maximum` : aggregation,
  });
  const answer = await arm.get(
    `${serverPath(key)}/providers/Microsoft.Insights/metrics?${query}`,
    API_VERSION,
    MetricsResponse,
  );
  return metricData(answer, aggregation, withRange);
}
