import { ArmError } from '../../arm/error.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { listServers, type ServerRow } from '../store/servers.ts';
import { RESOURCES_API_VERSIONS } from './arm-versions.ts';
import { parseFilter, type Clause } from './odata-filter.ts';
import { page } from './paging.ts';
import { readable, requireResourceGroup, requireSubscription, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { intentOf, serverResourceId } from './server-shape.ts';

const FILTERS = ['resourceType', 'resourceGroup', 'name', 'location', 'tagName', 'tagValue'];

/** Every tracked resource of a subscription or a group: here, its servers. */
export function resourceListRoutes(resources: Resources): ArmRoute[] {
  const { database } = resources.control.world;
  const listed = (request: ArmRequest, servers: ServerRow[]): ArmResponse => {
    const filter = request.query['$filter'];
    const clauses = filter ? parseFilter(filter, FILTERS) : [];
    const found = servers.filter((server) => clauses.every((clause) => meets(server, clause, clauses)));
    const visible = readable(resources, request, `${SERVER_TYPE}/read`, serverResourceId, found);
    const expand = (request.query['$expand'] ?? '').toLowerCase().split(',');
    const { value, ...rest } = page(request, visible);
    return { status: 200, body: { value: value.map((server) => genericResource(server, expand)), ...rest } };
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
        return listed(request, listServers(database, { subscriptionId: id }));
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
        return listed(request, listServers(database, { subscriptionId, resourceGroup: name }));
      },
    },
  ];
}

/** @throws {ArmError} InvalidFilterInQueryString 400: names are equal or not, they have no order. */
function meets(server: ServerRow, { field, operator, value }: Clause, clauses: Clause[]): boolean {
  if (operator !== 'eq') {
    throw new ArmError('InvalidFilterInQueryString', 400, `The filter on '${field}' takes 'eq' only.`, {
      target: '$filter',
    });
  }
  const same = (text: string) => text.toLowerCase() === value.toLowerCase();
  const { tags } = intentOf(server);
  switch (field) {
    case 'resourcetype':
      return same(SERVER_TYPE);
    case 'resourcegroup':
      return same(server.resourceGroup);
    case 'name':
      return same(server.name);
    case 'location':
      return same(server.location) || server.location === value.replaceAll(' ', '').toLowerCase();
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

function genericResource(server: ServerRow, expand: string[]) {
  const { tags, sku, systemData } = intentOf(server);
  const changed = systemData?.['lastModifiedAt'];
  return {
    id: serverResourceId(server),
    name: server.name,
    type: SERVER_TYPE,
    sku,
    location: server.location,
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(expand.includes('createdtime') && { createdTime: new Date(server.createdAt).toISOString() }),
    ...(expand.includes('changedtime') && {
      changedTime: typeof changed === 'string' ? changed : new Date(server.createdAt).toISOString(),
    }),
    ...(expand.includes('provisioningstate') && { provisioningState: 'Succeeded' }),
  };
}
