import * as z from 'zod';
import { isAtLeast, MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { ArmError } from '../../arm/error.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { WINDOW_MS } from '../../rules/maintenance.ts';
import { beginRescheduleMaintenance } from '../operations/begin.ts';
import { describeBuild } from '../operations/patch-server.ts';
import { findMaintenance, listMaintenances, type MaintenanceRow } from '../store/maintenances.ts';
import type { ServerRow } from '../store/servers.ts';
import { accepted } from './accepted.ts';
import { page } from './paging.ts';
import { parseBody } from './parse-body.ts';
import { childNotFound, invalidParameter } from './refusals.ts';
import { callerOf, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';
import { serverRoute } from './server-routes.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const TYPE = `${SERVER_TYPE}/maintenances`;
const LIST = `${ONE_SERVER}/maintenances`;
const ONE = `${LIST}/{maintenanceName}`;

const MaintenanceUpdate = z.object({
  properties: z.object({ maintenanceStartTime: z.string().optional() }).nullish(),
});

/** What the service is to do to a server, and did: read it, and choose another time. */
export function maintenanceRoutes(resources: Resources): ArmRoute[] {
  const { control } = resources;
  const { database, clock } = control.world;
  const versions = MYSQL_API_VERSIONS.filter((version) => isAtLeast(version, '2023-10-01-preview'));
  const route = serverRoute(resources, TYPE, versions);
  const require = ({ params }: ArmRequest, server: ServerRow) => {
    const name = params['maintenanceName']!;
    const found = findMaintenance(database, server.id, name);
    if (!found) throw childNotFound(TYPE, name);
    return found;
  };

  return [
    route('GET', LIST, 'Maintenances_List', 'read', (request, server) => {
      const { value, ...rest } = page(request, listMaintenances(database, server.id));
      const body = { value: value.map((row) => armMaintenance(server, row, request.apiVersion)), ...rest };
      return { status: 200, body };
    }),
    route('GET', ONE, 'Maintenances_Read', 'read', (request, server) => ({
      status: 200,
      body: armMaintenance(server, require(request, server), request.apiVersion),
    })),
    route('PATCH', ONE, 'Maintenances_Update', 'write', (request, server) => {
      const row = require(request, server);
      const time = parseBody(MaintenanceUpdate, request.body, 'MaintenanceUpdate').properties?.maintenanceStartTime;
      const startAt = requireStart(row, time, clock.now());
      const { apiVersion } = request;
      const caller = callerOf(request, 'PATCH');
      return accepted(
        request,
        beginRescheduleMaintenance(control, { server, name: row.name, startAt, apiVersion, caller }),
      );
    }),
  ];
}

/** @throws {ArmError} when the maintenance, or the time, cannot be changed so. */
function requireStart(row: MaintenanceRow, time: string | undefined, now: number): number {
  const target = 'properties.maintenanceStartTime';
  if (row.state !== 'Scheduled' && row.state !== 'ReScheduled') {
    throw new ArmError(
      'MaintenanceNotReschedulable',
      409,
      `The maintenance is ${row.state}: its time cannot be changed.`,
      {
        target,
      },
    );
  }
  // Azure writes times without a zone, and means UTC.
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(time ?? '');
  const startAt = form ? Date.parse(form[3] ? time! : `${time}Z`) : NaN;
  if (Number.isNaN(startAt)) {
    throw invalidParameter(target, `'${time ?? ''}' is not a date and time such as 2026-01-20T03:00:00Z.`);
  }
  if (startAt < row.announcedAt || startAt > row.latestAt) {
    throw invalidParameter(
      target,
      `The maintenance can begin from ${iso(row.announcedAt)} to ${iso(row.latestAt)}; a time that is past means now.`,
    );
  }
  return Math.max(startAt, now);
}

export function armMaintenance(server: ServerRow, row: MaintenanceRow, apiVersion: string) {
  const ahead = row.state === 'Scheduled' || row.state === 'ReScheduled';
  const build = describeBuild(row.fromVersion, row.toVersion);
  return {
    id: `${serverResourceId(server)}/maintenances/${row.name}`,
    name: row.name,
    type: TYPE,
    properties: {
      maintenanceType: row.fromVersion === row.toVersion ? 'RoutineMaintenance' : 'MinorVersionUpgrade',
      maintenanceState: row.state,
      maintenanceStartTime: iso(row.startAt),
      maintenanceEndTime: iso(row.startAt + WINDOW_MS),
      ...(row.executionStartedAt !== null && { maintenanceExecutionStartTime: iso(row.executionStartedAt) }),
      ...(row.executionEndedAt !== null && { maintenanceExecutionEndTime: iso(row.executionEndedAt) }),
      ...(ahead && {
        maintenanceAvailableScheduleMinTime: iso(row.announcedAt),
        maintenanceAvailableScheduleMaxTime: iso(row.latestAt),
      }),
      maintenanceTitle: `MySQL ${row.fromVersion} is replaced by ${build}`,
      maintenanceDescription: describe(row, build),
      provisioningState: 'Succeeded',
      // Ours alone, where the portal's version and later ones take what they do not know.
      ...(isAtLeast(apiVersion, '2024-12-30') && {
        fromVersion: row.fromVersion,
        toVersion: row.toVersion,
        ...(row.reason !== null && { reason: row.reason }),
        ...(row.downtimeMs !== null && { downtimeMilliseconds: row.downtimeMs }),
      }),
    },
  };
}

function describe({ state, reason, startAt, downtimeMs }: MaintenanceRow, build: string): string {
  switch (state) {
    case 'Completed':
      return `The server runs on ${build}. Clients waited for ${downtimeMs} ms.`;
    case 'Canceled':
      return reason ?? 'It is not done.';
    case 'Processing':
      return `The server is getting ${build} now.`;
    default: {
      const again = reason ? ` ${reason}` : '';
      return (
        `Between ${minute(startAt)} and ${minute(startAt + WINDOW_MS)} UTC the server gets ${build}. It is restarted for that: ` +
        `sessions end, and clients wait for some seconds; with high availability they wait for a planned failover. There is ` +
        `no way back to the older build once it is done; a server that does not start with the new one gets the older back.${again}`
      );
    }
  }
}

/** `2026-11-30 04:00` */
function minute(at: number): string {
  return iso(at).slice(0, 16).replace('T', ' ');
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
