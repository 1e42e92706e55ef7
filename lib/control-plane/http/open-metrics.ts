import type { FastifyInstance } from 'fastify';
import { serverId } from '../../arm/resource-id.ts';
import { openMetricsText, type MeasuredServer } from '../metrics/open-metrics.ts';
import type { World } from '../operations/world.ts';
import type { Authorizer } from '../resources/route.ts';
import { readNewestMinute } from '../store/samples.ts';
import { listServers } from '../store/servers.ts';
import type { HttpOptions } from './build.ts';
import { originOf } from './context.ts';

/** A server whose newest minute is older than this says nothing of now: it is stopped. */
const STALE_AFTER_MS = 5 * 60_000;

/**
 * `GET /metrics` for Prometheus and its kin, with a bearer token as ARM takes it: the newest minute of every server that
 * the caller may read.
 */
export function openMetricsEndpoint(
  { database, metering, clock }: Pick<World, 'database' | 'metering' | 'clock'>,
  { authenticate, authorizer }: Pick<HttpOptions, 'authenticate'> & { authorizer: Authorizer },
): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.get('/metrics', async (request, reply) => {
      const principal = await authenticate(request.headers.authorization, originOf(request));
      const servers = listServers(database).flatMap(({ id, name, resourceGroup, subscriptionId }): MeasuredServer[] => {
        const scope = serverId({ subscriptionId, resourceGroup, serverName: name });
        if (!authorizer.isAllowed(principal, 'Microsoft.Insights/metrics/read', scope)) return [];
        const newest = readNewestMinute(metering.samples, id, clock.now() - STALE_AFTER_MS);
        return newest ? [{ name, resourceGroup, subscriptionId, ...newest }] : [];
      });
      return reply.type('application/openmetrics-text; version=1.0.0; charset=utf-8').send(openMetricsText(servers));
    });
  };
}
