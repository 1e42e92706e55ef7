import * as z from 'zod';
import { serverKeyOf } from '../../arm/resource-id.ts';
import { METRIC_NAMESPACE } from '../metrics/catalog.ts';
import { findServer } from '../store/servers.ts';
import { METRICS_BATCH_API_VERSIONS } from './arm-versions.ts';
import { parseMetricQuery } from './metric-query.ts';
import { metricsJson } from './metrics.ts';
import { parseBody } from './parse-body.ts';
import { invalidParameter, resourceNotFound } from './refusals.ts';
import { requireSubscription, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';

/** Azure's limit. */
const MOST_RESOURCES = 50;
/** As many as one request for one server may ask for. */
const MOST_POINTS = 200_000;

const Body = z.strictObject({ resourceids: z.array(z.string()) });

/** The metrics of many servers in one answer. In Azure a region's own endpoint has it; here, ARM's does. */
export function metricsBatchRoutes(resources: Resources): ArmRoute[] {
  return [
    {
      method: 'POST',
      path: '/subscriptions/{subscriptionId}/metrics:getBatch',
      operationId: 'MetricsBatch_Batch',
      // Asked of each server.
      action: null,
      apiVersions: METRICS_BATCH_API_VERSIONS,
      handle: (request) => batch(resources, request),
    },
  ];
}

async function batch(resources: Resources, request: ArmRequest): Promise<ArmResponse> {
  const { id: subscriptionId } = requireSubscription(resources, request);
  const { world } = resources.control;
  const { resourceids } = parseBody(Body, request.body, 'ResourceIdList');
  if (resourceids.length === 0 || resourceids.length > MOST_RESOURCES) {
    throw invalidParameter('resourceids', `Name 1 to ${MOST_RESOURCES} servers.`);
  }
  const query = parseMetricQuery(
    { ...request.query, timespan: timespanOf(request, world.clock.now()) },
    world.clock.now(),
  );
  const points = resourceids.length * query.steps * query.metrics.length;
  if (points > MOST_POINTS) {
    throw invalidParameter(
      'interval',
      `These are ${points} data points; ${MOST_POINTS} are the most. Choose a longer interval, a shorter time or fewer servers.`,
    );
  }
  const servers = resourceids.map((id) => {
    const key = serverKeyOf(id);
    if (key?.subscriptionId.toLowerCase() !== subscriptionId.toLowerCase()) {
      throw invalidParameter('resourceids', `'${id}' is not the id of a server in the subscription.`);
    }
    resources.authorizer.require(request.principal, 'Microsoft.Insights/metrics/read', id);
    const server = findServer(world.database, key);
    if (!server) throw resourceNotFound('Microsoft.DBforMySQL/flexibleServers', key.serverName, key.resourceGroup);
    return server;
  });
  const values = await Promise.all(
    servers.map(async (server) => {
      const { id, value } = await metricsJson(world, server, query);
      const iso = (time: number) => new Date(time).toISOString();
      const head = {
        starttime: iso(query.from),
        endtime: iso(query.to),
        interval: query.interval,
        namespace: METRIC_NAMESPACE,
        resourceregion: server.location,
        resourceid: id,
      };
      return `${JSON.stringify(head).slice(0, -1)},"value":${value}}`;
    }),
  );
  return { status: 200, json: `{"values":[${values.join(',')}]}` };
}

/** `starttime` and `endtime` as the other metrics API has them; without an end it is now, without both the last hour. */
function timespanOf({ query }: ArmRequest, now: number): string {
  const given = new Map(Object.entries(query).map(([name, value]) => [name.toLowerCase(), value]));
  const start = given.get('starttime');
  const end = given.get('endtime');
  if (start === undefined && end === undefined) return 'PT1H';
  if (start === undefined) throw invalidParameter('starttime', 'Send a starttime along with the endtime.');
  return `${start}/${end ?? new Date(now).toISOString()}`;
}
