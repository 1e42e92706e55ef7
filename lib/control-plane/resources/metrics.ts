import { MYSQL_NAMESPACE, serverId } from '../../arm/resource-id.ts';
import { METRIC_NAMESPACE, OFFERED_METRICS, type Metric } from '../metrics/catalog.ts';
import type { World } from '../operations/world.ts';
import type { ServerRow } from '../store/servers.ts';
import { METRIC_NAMESPACES_API_VERSIONS, METRICS_API_VERSIONS } from './arm-versions.ts';
import { parseMetricQuery, requireNamespace, TIME_GRAINS, type MetricQuery } from './metric-query.ts';
import { requireServer, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';

const SERVER = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${MYSQL_NAMESPACE}/flexibleServers/{serverName}`;
/** How long Azure Database for MySQL keeps them. */
const RETENTION = 'P30D';

/** What Azure Monitor says of a server: which metrics it has, and what they were. */
export function metricRoutes(resources: Resources): ArmRoute[] {
  return [
    {
      method: 'GET',
      path: `${SERVER}/providers/Microsoft.Insights/metricDefinitions`,
      operationId: 'MetricDefinitions_List',
      action: 'Microsoft.Insights/metricDefinitions/read',
      apiVersions: METRICS_API_VERSIONS,
      handle: (request) => {
        const id = idOf(requireServer(resources, request));
        requireNamespace(parameter(request, 'metricnamespace'));
        return { status: 200, body: { value: OFFERED_METRICS.map((metric) => definition(metric, id)) } };
      },
    },
    {
      method: 'GET',
      path: `${SERVER}/providers/Microsoft.Insights/metricNamespaces`,
      operationId: 'MetricNamespaces_List',
      action: 'Microsoft.Insights/metricNamespaces/read',
      apiVersions: METRIC_NAMESPACES_API_VERSIONS,
      handle: (request) => {
        const name = METRIC_NAMESPACE.replace('/', '-');
        const value = {
          id: `${idOf(requireServer(resources, request))}/providers/microsoft.insights/metricNamespaces/${name}`,
          type: 'Microsoft.Insights/metricNamespaces',
          name,
          classification: 'Platform',
          properties: { metricNamespaceName: METRIC_NAMESPACE },
        };
        return { status: 200, body: { value: [value] } };
      },
    },
    {
      method: 'GET',
      path: `${SERVER}/providers/Microsoft.Insights/metrics`,
      operationId: 'Metrics_List',
      action: 'Microsoft.Insights/metrics/read',
      apiVersions: METRICS_API_VERSIONS,
      handle: (request) => metrics(resources, request),
    },
  ];
}

async function metrics(resources: Resources, request: ArmRequest): Promise<ArmResponse> {
  const server = requireServer(resources, request);
  const { world } = resources.control;
  const query = parseMetricQuery(request.query, world.clock.now());
  const { from, to, interval, metadataOnly } = query;
  const { value } = await metricsJson(world, server, query);
  const envelope = {
    // Azure's measure of how much was asked for: minutes of data, for each metric.
    cost: Math.max(0, ((to - from) / 60_000) * query.metrics.length - 1),
    timespan: `${timeStamp(from)}/${timeStamp(to)}`,
    ...(!metadataOnly && { interval }),
    namespace: METRIC_NAMESPACE,
    resourceregion: server.location,
  };
  return { status: 200, json: `${JSON.stringify(envelope).slice(0, -1)},"value":${value}}` };
}

/** The metrics of one server as JSON: a list, brackets included. */
export async function metricsJson(
  { metering }: Pick<World, 'metering'>,
  server: ServerRow,
  { metrics: asked, from, stepMs, steps, metadataOnly }: MetricQuery,
): Promise<{ id: string; value: string }> {
  const id = idOf(server);
  const points = metadataOnly
    ? undefined
    : await metering.series.points(
        asked.map(({ metric, aggregations }) => ({
          serverId: server.id,
          metric: metric.name,
          from,
          stepMs,
          steps,
          aggregations,
        })),
      );
  const value = asked.map(({ metric }, index) => {
    const data = points ? `,"data":[${points[index]}]` : '';
    return `${JSON.stringify(metricHead(metric, id)).slice(0, -1)},"timeseries":[{"metadatavalues":[]${data}}]}`;
  });
  return { id, value: `[${value.join(',')}]` };
}

function idOf({ subscriptionId, resourceGroup, name }: ServerRow): string {
  return serverId({ subscriptionId, resourceGroup, serverName: name });
}

function parameter(request: ArmRequest, name: string): string | undefined {
  return Object.entries(request.query).find(([given]) => given.toLowerCase() === name)?.[1];
}

function metricHead({ name, displayName, description, unit }: Metric, server: string) {
  return {
    id: `${server}/providers/Microsoft.Insights/metrics/${name}`,
    type: 'Microsoft.Insights/metrics',
    name: { value: name, localizedValue: displayName },
    displayDescription: description,
    unit,
    errorCode: 'Success',
  };
}

function definition(metric: Metric, server: string) {
  const { name, displayName, description, category, unit, aggregations } = metric;
  return {
    id: `${server}/providers/microsoft.insights/metricdefinitions/${name}`,
    resourceId: server,
    namespace: METRIC_NAMESPACE,
    name: { value: name, localizedValue: displayName },
    displayDescription: description,
    category,
    metricClass: category === 'Traffic' ? 'Transactions' : category,
    isDimensionRequired: false,
    unit,
    primaryAggregationType: aggregations[0],
    supportedAggregationTypes: aggregations,
    metricAvailabilities: Object.keys(TIME_GRAINS).map((timeGrain) => ({ timeGrain, retention: RETENTION })),
    dimensions: [],
  };
}

function timeStamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
