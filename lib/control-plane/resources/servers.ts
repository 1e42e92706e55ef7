import { ArmError } from '../../arm/error.ts';
import { MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { ServerForCreate, ServerForUpdate } from '../../arm/mysql/server.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { beginCreateServer, beginDeleteServer, beginUpdateServer } from '../operations/begin.ts';
import { beginUpgradeServer } from '../operations/begin-upgrade.ts';
import { notHealthy } from '../operations/failover-state.ts';
import { refuseLostZone } from '../operations/zones.ts';
import { findServerByName, listServers, type ServerRow } from '../store/servers.ts';
import { accepted } from './accepted.ts';
import { writableServerBody } from './api-version.ts';
import { requirePreconditions } from './preconditions.ts';
import { page } from './paging.ts';
import { refuseRestoreOnto, restoreServer } from './restore.ts';
import { parseBody } from './parse-body.ts';
import {
  callerOf,
  offerOf,
  readable,
  requireLastingGroup,
  requireResourceGroup,
  requireServer,
  requireSubscription,
  serverIn,
  type Resources,
} from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { planNewServer, planServerUpdate, refuseOtherLocation, type CompleteIntent } from './server-intent.ts';
import { requireRuntime } from './server-requirements.ts';
import { armServer, intentOf, serverEtag, serverResourceId } from './server-shape.ts';
import { systemDataFor } from './system-data.ts';

const PROVIDER = '/subscriptions/{subscriptionId}/providers/Microsoft.DBforMySQL';
export const GROUP_SERVERS =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.DBforMySQL/flexibleServers';
export const ONE_SERVER = `${GROUP_SERVERS}/{serverName}`;

/** Microsoft.DBforMySQL/flexibleServers: create, read, change, delete. */
export function serverRoutes(resources: Resources): ArmRoute[] {
  const { control } = resources;
  const { database } = control.world;
  const route = (
    method: ArmRoute['method'],
    path: string,
    operationId: string,
    action: string | null,
    handle: ArmRoute['handle'],
  ): ArmRoute => ({ method, path, operationId, action, apiVersions: MYSQL_API_VERSIONS, handle });
  const listed = (request: ArmRequest, servers: ServerRow[]): ArmResponse => {
    const visible = readable(resources, request, `${SERVER_TYPE}/read`, serverResourceId, servers);
    const { value, ...rest } = page(request, visible);
    return {
      status: 200,
      body: { value: value.map((row) => armServer(row, request.apiVersion, control.world)), ...rest },
    };
  };

  return [
    route('GET', `${PROVIDER}/flexibleServers`, 'Servers_List', null, (request) => {
      const { id } = requireSubscription(resources, request);
      return listed(request, listServers(database, { subscriptionId: id }));
    }),
    route('GET', GROUP_SERVERS, 'Servers_ListByResourceGroup', `${SERVER_TYPE}/read`, (request) => {
      const group = requireResourceGroup(resources, request);
      return listed(
        request,
        listServers(database, { subscriptionId: group.subscriptionId, resourceGroup: group.name }),
      );
    }),
    route('GET', ONE_SERVER, 'Servers_Get', `${SERVER_TYPE}/read`, (request) => {
      const server = requireServer(resources, request);
      return {
        status: 200,
        headers: { ETag: serverEtag(server) },
        body: armServer(server, request.apiVersion, control.world),
      };
    }),
    route('PUT', ONE_SERVER, 'Servers_Create', `${SERVER_TYPE}/write`, (request) => putServer(resources, request)),
    route('PATCH', ONE_SERVER, 'Servers_Update', `${SERVER_TYPE}/write`, (request) => {
      const server = requireServer(resources, request);
      return updateServer(resources, request, server, 'PATCH');
    }),
    // None while they are not offered here; clients ask before they upgrade a server.
    route('GET', `${ONE_SERVER}/replicas`, 'Replicas_ListByServer', `${SERVER_TYPE}/replicas/read`, (request) => {
      requireServer(resources, request);
      return { status: 200, body: page(request, []) };
    }),
    route('DELETE', ONE_SERVER, 'Servers_Delete', `${SERVER_TYPE}/delete`, (request) => {
      const group = requireResourceGroup(resources, request);
      const server = serverIn(resources, request, group);
      if (!server) return { status: 204 };
      requirePreconditions(request, serverEtag(server));
      const { apiVersion } = request;
      return accepted(request, beginDeleteServer(control, { server, apiVersion, caller: callerOf(request, 'DELETE') }));
    }),
  ];
}

async function putServer(resources: Resources, request: ArmRequest): Promise<ArmResponse> {
  const { control, hashPassword } = resources;
  const { clock, runtimes } = control.world;
  const group = requireLastingGroup(resources, request);
  const existing = serverIn(resources, request, group);
  if (existing) return updateServer(resources, request, existing, 'PUT');

  requirePreconditions(request, undefined);
  const name = request.params['serverName']!;
  const body = parseBody(ServerForCreate, bodyForVersion(request, 'PUT'));
  const createMode = body.properties?.createMode;
  if (createMode === 'PointInTimeRestore' || createMode === 'GeoRestore') {
    refuseTakenName(resources, name);
    return restoreServer(resources, request, { group, name, body, geo: createMode === 'GeoRestore' });
  }
  const { intent, password, region } = planNewServer(name, body, offerOf(resources));
  refuseLostZones(resources, { subscriptionId: group.subscriptionId, location: region.name }, intent);
  refuseTakenName(resources, name);
  const authenticationHash = await hashPassword(password!);

  // What was true before the hash was made need not be so after it.
  requireLastingGroup(resources, request);
  const appeared = serverIn(resources, request, group);
  if (appeared) return updateServer(resources, request, appeared, 'PUT');
  refuseTakenName(resources, name);
  const caller = callerOf(request, 'PUT');
  const operation = beginCreateServer(control, {
    key: { subscriptionId: group.subscriptionId, resourceGroup: group.name, serverName: name },
    location: region.name,
    intent: { ...intent, systemData: systemDataFor(caller, clock.now()) },
    runtimeId: runtimes.find(({ series }) => series === intent.properties.version)!.id,
    authenticationHash,
    apiVersion: request.apiVersion,
    caller,
  });
  return accepted(request, operation);
}

/** @throws {ArmError} ZoneLost 409: nothing new is made where nothing may run. */
function refuseLostZones(
  { control }: Resources,
  place: { subscriptionId: string; location: string },
  { properties }: CompleteIntent,
  which: 'both' | 'standby' = 'both',
): void {
  const { database } = control.world;
  const { availabilityZone, highAvailability } = properties;
  const standby = highAvailability.standbyAvailabilityZone;
  if (which === 'both') refuseLostZone(database, place, availabilityZone, 'properties.availabilityZone');
  if (!standby) return;
  refuseLostZone(database, place, standby, 'properties.highAvailability.standbyAvailabilityZone');
}

/** Names are unique in all of a home, as they are in all of Azure. */
function refuseTakenName({ control }: Resources, name: string): void {
  if (!findServerByName(control.world.database, name)) return;
  throw new ArmError(
    'ServerNameAlreadyExists',
    409,
    `The server name '${name}' is already used. Choose another name.`,
    { target: 'serverName' },
  );
}

async function updateServer(
  resources: Resources,
  request: ArmRequest,
  server: ServerRow,
  method: 'PUT' | 'PATCH',
): Promise<ArmResponse> {
  const { control, hashPassword } = resources;
  const { clock } = control.world;
  requirePreconditions(request, serverEtag(server));
  const body = method === 'PUT' ? bodyOfPut(resources, request, server) : bodyOfPatch(request, server);
  const offer = offerOf(resources);
  const { password } = planServerUpdate({ ...server, intent: intentOf(server) }, body, offer);
  const authenticationHash = password === undefined ? undefined : await hashPassword(password);

  // The server may have changed while the hash was made: plan on what it is now.
  const now = requireServer(resources, request);
  requirePreconditions(request, serverEtag(now));
  const before = intentOf(now);
  const { intent } = planServerUpdate({ ...now, intent: before }, body, offer);
  if (before.properties.highAvailability.mode === 'Disabled') refuseLostZones(resources, now, intent, 'standby');
  const caller = callerOf(request, method);
  const update = {
    server: now,
    intent: { ...intent, systemData: systemDataFor(caller, clock.now(), before.systemData) },
    authenticationHash,
    apiVersion: request.apiVersion,
    caller,
  };
  const { version } = intent.properties;
  if (version === before.properties.version) return accepted(request, beginUpdateServer(control, update));
  refuseUnprotected(now);
  return accepted(
    request,
    beginUpgradeServer(control, { ...update, to: requireRuntime(version, control.world.runtimes) }),
  );
}

/** @throws {ArmError} HighAvailabilityNotHealthy 409: an upgrade goes by way of the standby. */
function refuseUnprotected({ haState, haReason, state }: ServerRow): void {
  if (state !== 'Ready' || haState === 'NotEnabled' || haState === 'Healthy') return;
  throw new ArmError('HighAvailabilityNotHealthy', 409, notHealthy(haState, haReason), {
    target: 'properties.version',
  });
}

function bodyOfPut(resources: Resources, request: ArmRequest, server: ServerRow): ServerForCreate {
  const body = parseBody(ServerForCreate, bodyForVersion(request, 'PUT'));
  refuseRestoreOnto(resources, body, server);
  refuseOtherLocation(server, body.location);
  return body;
}

function bodyOfPatch(request: ArmRequest, server: ServerRow): Omit<ServerForUpdate, 'location'> {
  const { location, ...body } = parseBody(ServerForUpdate, bodyForVersion(request, 'PATCH'));
  if (location !== undefined) refuseOtherLocation(server, location);
  return body;
}

function bodyForVersion(request: ArmRequest, method: 'PUT' | 'PATCH'): unknown {
  return writableServerBody(request.body, request.apiVersion, method);
}
