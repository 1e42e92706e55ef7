import { MYSQL_NAMESPACE } from '../../arm/resource-id.ts';
import { recommendedAction } from '../../rules/server-health.ts';
import { serverIdOf } from '../alerts/rule.ts';
import { listHealth, type HealthRow } from '../store/server-health.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import { RESOURCE_HEALTH_API_VERSIONS } from './arm-versions.ts';
import { page } from './paging.ts';
import { readable, requireResourceGroup, requireServer, requireSubscription, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';

const TYPE = 'Microsoft.ResourceHealth/availabilityStatuses';
/** Since when an outage is told by who caused it (`context`, `category`), too. */
const TOLD_BY_CONTEXT = '2022-10-01';
/** For how long an outage that is over is told beside what holds now. */
const RECENTLY_MS = 86_400_000;
const SERVER = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${MYSQL_NAMESPACE}/flexibleServers/{serverName}`;

/** Resource health: how servers do, and did. */
export function resourceHealthRoutes(resources: Resources): ArmRoute[] {
  const { database, clock } = resources.control.world;
  const route = (path: string, operationId: string, action: string | null, handle: ArmRoute['handle']): ArmRoute => ({
    method: 'GET',
    path: `${path}/providers/${TYPE}`,
    operationId: `AvailabilityStatuses_${operationId}`,
    action,
    apiVersions: RESOURCE_HEALTH_API_VERSIONS,
    handle,
  });
  const now = (request: ArmRequest, server: ServerRow) =>
    current(request, server, listHealth(database, server.id, 2), clock.now());
  const all = (request: ArmRequest, servers: ServerRow[]) => {
    const visible = readable(resources, request, `${TYPE}/read`, serverIdOf, servers);
    return {
      status: 200,
      body: page(
        request,
        visible.map((server) => now(request, server)),
      ),
    };
  };
  const history = route(SERVER, 'List', `${TYPE}/read`, (request) => {
    const server = requireServer(resources, request);
    const rows = listHealth(database, server.id);
    const past = rows.slice(1).map((row) => armStatus(request, server, row, pastName(row.at)));
    return { status: 200, body: page(request, [current(request, server, rows, clock.now()), ...past]) };
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
      handle: (request) => ({ status: 200, body: now(request, requireServer(resources, request)) }),
    },
  ];
}

/** How a server does now. @param rows newest first. */
function current(request: ArmRequest, server: ServerRow, [newest, before]: readonly HealthRow[], now: number) {
  if (!newest) {
    const { createdAt: at, id: serverId } = server;
    const summary = 'Nothing is known of this server yet.';
    const unknown = { serverId, at, state: 'Unknown', reasonType: null, title: 'Unknown', summary } as const;
    return armStatus(request, server, unknown, 'current', { reportedTime: iso(now) });
  }
  const isResolved =
    newest.state === 'Available' &&
    before?.state === 'Unavailable' &&
    before.reasonType === 'Unplanned' &&
    now - newest.at < RECENTLY_MS;
  const advice = request.query['$expand']?.toLowerCase() === 'recommendedactions' && recommendedAction(newest);
  return armStatus(request, server, newest, 'current', {
    reportedTime: iso(now),
    ...(isResolved && { recentlyResolved: resolved(request, newest, before) }),
    ...(advice && {
      recommendedActions: [{ action: advice, actionUrl: '<#ResourceBlade>', actionUrlText: 'resource blade' }],
    }),
  });
}

/** An outage that is over; its fields had other names before 2022. */
function resolved({ apiVersion }: ArmRequest, { at }: HealthRow, outage: HealthRow) {
  const resolvedTime = iso(at);
  return apiVersion < TOLD_BY_CONTEXT
    ? { unavailableOccurredTime: iso(outage.at), resolvedTime, unavailabilitySummary: outage.summary }
    : { unavailableOccuredTime: iso(outage.at), resolvedTime, unavailableSummary: outage.summary };
}

/** @param more what is known of what holds now alone. */
function armStatus(
  { apiVersion }: ArmRequest,
  server: ServerRow,
  row: Omit<HealthRow, 'state'> & { state: HealthRow['state'] | 'Unknown' },
  name: string,
  more: object = {},
) {
  const { state, title, summary, reasonType, at } = row;
  const byCustomer = reasonType === 'UserInitiated';
  return {
    id: `${serverIdOf(server)}/providers/${TYPE}/${name}`,
    name,
    type: 'Microsoft.ResourceHealth/AvailabilityStatuses',
    location: server.location,
    properties: {
      availabilityState: state,
      title,
      summary,
      ...(reasonType && {
        reasonType,
        ...(apiVersion >= TOLD_BY_CONTEXT && {
          context: byCustomer ? 'Customer' : 'Platform',
          ...(!byCustomer && { category: reasonType }),
        }),
      }),
      // So spelt by Azure.
      occuredTime: iso(at),
      reasonChronicity: 'Persistent',
      ...(state === 'Unavailable' && { rootCauseAttributionTime: iso(at) }),
      ...more,
    },
  };
}

/** Azure's names of what is over: `2026-03-28+16%3a23%3a00Z`; with milliseconds, since more than one may be of a second. */
function pastName(at: number): string {
  return iso(at).replace('T', '+').replaceAll(':', '%3a');
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
