import { ArmError } from '../../arm/error.ts';
import { alertNameProblem } from '../../rules/alerts.ts';
import { monitorResourceId } from '../alerts/rule.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { transaction } from '../store/database.ts';
import {
  deleteMonitorResource,
  findMonitorResource,
  listMonitorResources,
  putMonitorResource,
  type MonitorRow,
  type MonitorType,
} from '../store/monitor-resources.ts';
import { page } from './paging.ts';
import { invalidParameter, resourceNotFound } from './refusals.ts';
import {
  callerOf,
  readable,
  requireLastingGroup,
  requireResourceGroup,
  requireSubscription,
  type Resources,
} from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { requireTags } from './server-requirements.ts';

/** What the three kinds of resources differ in. */
export interface MonitorKind<Properties> {
  type: MonitorType;
  /** `Microsoft.Insights/metricAlerts` */
  armType: string;
  /** Name of the parameter in the path. */
  parameter: string;
  /** What the OpenAPI file calls its operations: `MetricAlerts`. */
  operations: string;
  listBySubscription: string;
  get: string;
  apiVersions: readonly string[];
  /** For people: `alert rule`. */
  title: string;
  body(row: MonitorRow<Properties>): unknown;
  /** More that goes with a deletion; in its transaction. */
  deleted?(resources: Resources, row: MonitorRow<Properties>): void;
}

/** Lists, GET and DELETE; what PUT and PATCH take is each kind's own. */
export function monitorRoutes<Properties>(resources: Resources, kind: MonitorKind<Properties>): ArmRoute[] {
  const { database } = resources.control.world;
  const { apiVersions, operations, armType } = kind;
  const one = pathOf(kind);
  const listed = (request: ArmRequest, within: { subscriptionId: string; resourceGroup?: string }): ArmResponse => {
    const rows = listMonitorResources<Properties>(database, kind.type, within);
    const visible = readable(resources, request, `${armType}/read`, monitorResourceId, rows);
    return { status: 200, body: page(request, visible.map(kind.body)) };
  };
  return [
    {
      method: 'GET',
      path: `/subscriptions/{subscriptionId}/providers/${armType}`,
      operationId: `${operations}_${kind.listBySubscription}`,
      action: null,
      apiVersions,
      handle: (request) => listed(request, { subscriptionId: requireSubscription(resources, request).id }),
    },
    {
      method: 'GET',
      path: one.slice(0, one.lastIndexOf('/')),
      operationId: `${operations}_ListByResourceGroup`,
      action: null,
      apiVersions,
      handle: (request) => {
        const { subscriptionId, name } = requireResourceGroup(resources, request);
        return listed(request, { subscriptionId, resourceGroup: name });
      },
    },
    {
      method: 'GET',
      path: one,
      operationId: `${operations}_${kind.get}`,
      action: `${armType}/read`,
      apiVersions,
      handle: (request) => ({ status: 200, body: kind.body(requireMonitor(resources, request, kind)) }),
    },
    {
      method: 'DELETE',
      path: one,
      operationId: `${operations}_Delete`,
      action: `${armType}/delete`,
      apiVersions,
      handle: (request) => {
        const group = requireResourceGroup(resources, request);
        const row = findIn(resources, request, kind, group);
        if (!row) return { status: 204 };
        transaction(database, () => {
          kind.deleted?.(resources, row);
          deleteMonitorResource(database, row.id);
          record(resources, request, kind, row, 'delete', `Delete ${kind.title}`);
        });
        resources.control.world.wake();
        return { status: 200 };
      },
    },
  ];
}

/**
 * Makes routes on one resource of a kind.
 *
 * @param at.suffix what follows its name in the path, from the slash on.
 * @param at.permission what follows its type: `write`.
 */
export function monitorRoute({ armType, parameter, apiVersions }: MonitorKind<never>) {
  return (
    { method, suffix = '', permission }: Pick<ArmRoute, 'method'> & { suffix?: string; permission: string },
    operationId: string,
    handle: ArmRoute['handle'],
  ): ArmRoute => ({
    method,
    path: `${pathOf({ armType, parameter })}${suffix}`,
    operationId,
    action: `${armType}/${permission}`,
    apiVersions,
    handle,
  });
}

export function pathOf({ armType, parameter }: Pick<MonitorKind<unknown>, 'armType' | 'parameter'>): string {
  return `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${armType}/{${parameter}}`;
}

/** @throws {ArmError} ResourceNotFound 404. */
export function requireMonitor<Properties>(
  resources: Resources,
  request: ArmRequest,
  kind: MonitorKind<Properties>,
): MonitorRow<Properties> {
  const group = requireResourceGroup(resources, request);
  const row = findIn(resources, request, kind, group);
  if (!row) throw resourceNotFound(kind.armType, request.params[kind.parameter]!, group.name);
  return row;
}

function findIn<Properties>(
  { control }: Resources,
  request: ArmRequest,
  { type, parameter }: MonitorKind<Properties>,
  { subscriptionId, name }: { subscriptionId: string; name: string },
): MonitorRow<Properties> | undefined {
  return findMonitorResource<Properties>(control.world.database, {
    type,
    subscriptionId,
    resourceGroup: name,
    name: request.params[parameter]!,
  });
}

/**
 * Writes what a PUT or PATCH says, with its event of the activity log.
 *
 * @param options.saved more to write, in the same transaction.
 * @throws {ArmError} for a name that cannot be, a group that goes.
 */
export function saveMonitor<Properties>(
  resources: Resources,
  request: ArmRequest,
  kind: MonitorKind<Properties>,
  {
    tags,
    properties,
    saved,
  }: {
    tags: Record<string, string> | null | undefined;
    properties: Properties;
    saved?: (row: MonitorRow<Properties>, before: MonitorRow<Properties> | undefined) => void;
  },
): { row: MonitorRow<Properties>; created: boolean } {
  const group = requireLastingGroup(resources, request);
  const name = request.params[kind.parameter]!;
  const problem = alertNameProblem(name);
  if (problem) throw invalidParameter(kind.parameter, problem);
  const { database, clock, newId, wake } = resources.control.world;
  const caller = callerOf(request, 'PUT');
  const result = transaction(database, () => {
    const before = findIn(resources, request, kind, group);
    const key = {
      type: kind.type,
      subscriptionId: group.subscriptionId,
      resourceGroup: group.name,
      name: before?.name ?? name,
    };
    putMonitorResource(
      database,
      { ...key, id: before?.id ?? newId(), tags: requireTags(tags), properties },
      { at: clock.now(), by: caller.name },
    );
    const row = findMonitorResource<Properties>(database, key)!;
    saved?.(row, before);
    record(resources, request, kind, row, 'write', `${before ? 'Update' : 'Create'} ${kind.title}`);
    return { row, created: before === undefined };
  });
  wake();
  return result;
}

function record<Properties>(
  { control }: Resources,
  request: ArmRequest,
  { armType }: MonitorKind<Properties>,
  row: MonitorRow<Properties>,
  permission: 'write' | 'delete',
  title: string,
): void {
  const { database, clock, newId } = control.world;
  recordActivity(database, {
    action: `${armType}/${permission}`,
    title,
    resourceId: monitorResourceId(row),
    caller: callerOf(request, permission === 'delete' ? 'DELETE' : 'PUT'),
    status: 'Succeeded',
    operationId: newId(),
    eventId: newId(),
    at: clock.now(),
  });
}

/** @throws {ArmError} LocationNotAvailableForResourceType 400: these are global resources. */
export function requireGlobal(armType: string, location: string): void {
  if (location.toLowerCase() === 'global') return;
  throw new ArmError(
    'LocationNotAvailableForResourceType',
    400,
    `The provided location '${location}' is not available for resource type '${armType}'. List of available regions for the resource type is 'global'.`,
    { target: 'location' },
  );
}
