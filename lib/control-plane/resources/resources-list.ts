import { ArmError } from '../../arm/error.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { monitorResourceId } from '../alerts/rule.ts';
import type { Database } from '../store/database.ts';
import { listMonitorResources, type MonitorType } from '../store/monitor-resources.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import { RESOURCES_API_VERSIONS } from './arm-versions.ts';
import { parseFilter, type Clause } from './odata-filter.ts';
import { page } from './paging.ts';
import { readable, requireResourceGroup, requireSubscription, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { intentOf, serverResourceId } from './server-shape.ts';

const FILTERS = ['resourceType', 'resourceGroup', 'name', 'location', 'tagName', 'tagValue'];

/** Every tracked resource of a subscription or a group: its servers, alert rules, action groups and mutings. */
export function resourceListRoutes(resources: Resources): ArmRoute[] {
  const { database } = resources.control.world;
  const listed = (request: ArmRequest, where: { subscriptionId: string; resourceGroup?: string }): ArmResponse => {
    const all = [...listServers(database, where).map(ofServer), ...monitorResources(database, where)];
    const filter = request.query['$filter'];
    const clauses = filter ? parseFilter(filter, FILTERS) : [];
    const found = all.filter((one) => clauses.every((clause) => meets(one, clause, clauses)));
    const allowed = new Set(
      [...new Set(found.map(({ type }) => type))].flatMap((type) => {
        const ofType = found.filter((one) => one.type === type);
        return readable(resources, request, `${type}/read`, ({ id }) => id, ofType);
      }),
    );
    const visible = found.filter((one) => allowed.has(one));
    const expand = (request.query['$expand'] ?? '').toLowerCase().split(',');
    const { value, ...rest } = page(request, visible);
    return { status: 200, body: { value: value.map((one) => genericResource(one, expand)), ...rest } };
  };
  return [
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/resources',
      operationId: 'Resources_List',
      action: null,
      apiVersions: RESOURCES_API_VERSIONS,
      handle: (request) => {
        const { id } = requireSubscription(resources, request);
        return listed(request, { subscriptionId: id });
      },
    },
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/resources',
      operationId: 'Resources_ListByResourceGroup',
      action: 'Microsoft.Resources/subscriptions/resourceGroups/resources/read',
      apiVersions: RESOURCES_API_VERSIONS,
      handle: (request) => {
        const { subscriptionId, name } = requireResourceGroup(resources, request);
        return listed(request, { subscriptionId, resourceGroup: name });
      },
    },
  ];
}

/** @throws {ArmError} InvalidFilterInQueryString 400: names are equal or not, they have no order. */
function meets(resource: Tracked, { field, operator, value }: Clause, clauses: Clause[]): boolean {
  if (operator !== 'eq') {
    throw new ArmError('InvalidFilterInQueryString', 400, `The filter on '${field}' takes 'eq' only.`, {
      target: '$filter',
    });
  }
  const same = (text: string) => text.toLowerCase() === value.toLowerCase();
  const { tags } = resource;
  switch (field) {
    case 'resourcetype':
      return same(resource.type);
    case 'resourcegroup':
      return same(resource.resourceGroup);
    case 'name':
      return same(resource.name);
    case 'location':
      return same(resource.location) || resource.location === value.replaceAll(' ', '').toLowerCase();
    case 'tagname':
      return Object.keys(tags).some(same);
    default: {
      const name = clauses.find((clause) => clause.field === 'tagname')?.value.toLowerCase();
      return Object.entries(tags).some(
        ([tag, of]) => of === value && (name === undefined || tag.toLowerCase() === name),
      );
    }
  }
}

/** What all resources have. */
interface Tracked {
  id: string;
  name: string;
  type: string;
  resourceGroup: string;
  location: string;
  tags: Record<string, string>;
  sku?: unknown;
  createdAt: number;
  /** ISO 8601. */
  changedAt: string;
}

function ofServer(server: ServerRow): Tracked {
  const { tags, sku, systemData } = intentOf(server);
  const { name, resourceGroup, location, createdAt } = server;
  const changed = systemData?.['lastModifiedAt'];
  return {
    id: serverResourceId(server),
    name,
    type: SERVER_TYPE,
    resourceGroup,
    location,
    tags,
    sku,
    createdAt,
    changedAt: typeof changed === 'string' ? changed : new Date(createdAt).toISOString(),
  };
}

const MONITOR_TYPES = {
  metricAlerts: 'Microsoft.Insights/metricAlerts',
  actionGroups: 'Microsoft.Insights/actionGroups',
  actionRules: 'Microsoft.AlertsManagement/actionRules',
} as const satisfies Record<MonitorType, string>;

function monitorResources(database: Database, where: { subscriptionId: string; resourceGroup?: string }): Tracked[] {
  return (Object.keys(MONITOR_TYPES) as MonitorType[]).flatMap((type) =>
    listMonitorResources(database, type, where).map((row): Tracked => ({
      id: monitorResourceId(row),
      name: row.name,
      type: MONITOR_TYPES[type],
      resourceGroup: row.resourceGroup,
      location: 'global',
      tags: row.tags ?? {},
      createdAt: row.createdAt,
      changedAt: new Date(row.updatedAt).toISOString(),
    })),
  );
}

function genericResource({ id, name, type, sku, location, tags, createdAt, changedAt }: Tracked, expand: string[]) {
  return {
    id,
    name,
    type,
    ...(sku !== undefined && { sku }),
    location,
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(expand.includes('createdtime') && { createdTime: new Date(createdAt).toISOString() }),
    ...(expand.includes('changedtime') && { changedTime: changedAt }),
    ...(expand.includes('provisioningstate') && { provisioningState: 'Succeeded' }),
  };
}
