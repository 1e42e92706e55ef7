import { MYSQL_NAMESPACE } from '../../arm/resource-id.ts';
import { serverIdOf } from '../alerts/rule.ts';
import { listHealth, type HealthRow } from '../store/server-health.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import { RESOURCE_HEALTH_API_VERSIONS } from './arm-versions.ts';
import { page } from './paging.ts';
import { readable, requireResourceGroup, requireServer, requireSubscription, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';

const TYPE = 'Microsoft.ResourceHealth/availabilityStatuses';
const SERVER = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${MYSQL_NAMESPACE}/flexibleServers/{serverName}`;

/** Resource health: how servers do, and did. */
export function resourceHealthRoutes(resources: Resources): ArmRoute[] {
  const { database } = resources.control.world;
  const route = (path: string, operationId: string, action: string | null, handle: ArmRoute['handle']): ArmRoute => ({
    method: 'GET',
    path: `${path}/providers/${TYPE}`,
    operationId: `AvailabilityStatuses_${operationId}`,
    action,
    apiVersions: RESOURCE_HEALTH_API_VERSIONS,
    handle,
  });
  const all = (request: ArmRequest, servers: ServerRow[]) => {
    const visible = readable(resources, request, `${TYPE}/read`, serverIdOf, servers);
    return {
      status: 200,
      body: page(
        request,
        visible.map((server) => current(server, listHealth(database, server.id, 1))),
      ),
    };
  };
  const history = route(SERVER, 'List', `${TYPE}/read`, (request) => {
    const server = requireServer(resources, request);
    const rows = listHealth(database, server.id);
    const past = rows.slice(1).map((row, index) => armStatus(server, row, rows[index]));
    return { status: 200, body: page(request, [current(server, rows), ...past]) };
  });
  return [
    route('/subscriptions/{subscriptionId}', 'ListBySubscriptionId', null, (request) =>
      all(request, listServers(database, { subscriptionId: requireSubscription(resources, request).id })),
    ),
    route(
      '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}',
      'ListByResourceGroup',
      null,
      (request) => {
        const { subscriptionId, name } = requireResourceGroup(resources, request);
        return all(request, listServers(database, { subscriptionId, resourceGroup: name }));
      },
    ),
    history,
    {
      ...history,
      path: `${history.path}/current`,
      operationId: 'AvailabilityStatuses_GetByResource',
      handle: (request) => {
        const server = requireServer(resources, request);
        return { status: 200, body: current(server, listHealth(database, server.id, 1)) };
      },
    },
  ];
}

function current(server: ServerRow, [newest]: readonly HealthRow[]) {
  if (newest) return armStatus(server, newest, undefined);
  const at = server.createdAt;
  return {
    ...armStatus(
      server,
      { serverId: server.id, at, state: 'Available', reasonType: null, title: '', summary: '' },
      undefined,
    ),
    properties: {
      availabilityState: 'Unknown',
      title: 'Unknown',
      summary: 'Nothing is known of this server yet.',
      occuredTime: iso(at),
      reportedTime: iso(at),
    },
  };
}

/** @param next what followed; undefined for what holds now. */
function armStatus(server: ServerRow, row: HealthRow, next: HealthRow | undefined) {
  const { state, title, summary, reasonType, at } = row;
  const name = next ? iso(at) : 'current';
  return {
    id: `${serverIdOf(server)}/providers/${TYPE}/${name}`,
    name,
    type: 'Microsoft.ResourceHealth/AvailabilityStatuses',
    location: server.location,
    properties: {
      availabilityState: state,
      title,
      summary,
      ...(reasonType && { reasonType }),
      reasonChronicity: next ? 'Transient' : 'Persistent',
      // So spelt by Azure.
      occuredTime: iso(at),
      reportedTime: iso(at),
      ...(next && { resolutionETA: iso(next.at) }),
    },
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
