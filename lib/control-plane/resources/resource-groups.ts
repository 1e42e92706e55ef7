import * as z from 'zod';
import { ArmError } from '../../arm/error.ts';
import { resourceGroupId } from '../../arm/resource-id.ts';
import { ResourceGroupForPut } from '../../arm/resources/resource-group.ts';
import { resourceGroupNameProblem } from '../../rules/names.ts';
import { findRegion } from '../../rules/regions.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { beginDeleteResourceGroup } from '../operations/begin.ts';
import { transaction } from '../store/database.ts';
import { findOperation, listOperationsInProgress } from '../store/operations.ts';
import {
  findResourceGroup,
  listResourceGroups,
  putResourceGroup,
  type ResourceGroupRow,
} from '../store/resource-groups.ts';
import { RETRY_AFTER } from './accepted.ts';
import { RESOURCES_API_VERSIONS } from './arm-versions.ts';
import { page } from './paging.ts';
import { parseBody } from './parse-body.ts';
import { operationNotFound } from './refusals.ts';
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

const LIST = '/subscriptions/{subscriptionId}/resourceGroups';
const ONE = `${LIST}/{resourceGroupName}`;
const TYPE = 'Microsoft.Resources/subscriptions/resourceGroups';
const BODY = 'ResourceGroupDefinition';

const ResourceGroupForPatch = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  location: z.string().optional(),
  managedBy: z.string().nullish(),
  properties: z.looseObject({}).nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
});

/** Resource groups: their tags and place, and the deletion of one with everything in it. */
export function resourceGroupRoutes(resources: Resources): ArmRoute[] {
  const { database } = resources.control.world;
  const route = (
    method: ArmRoute['method'],
    path: string,
    operationId: string,
    action: string | null,
    handle: (request: ArmRequest) => ArmResponse,
  ): ArmRoute => ({ method, path, operationId, action, apiVersions: RESOURCES_API_VERSIONS, handle });

  return [
    route('GET', LIST, 'ResourceGroups_List', null, (request) => {
      const { id } = requireSubscription(resources, request);
      const groups = listResourceGroups(database, id).filter(tagFilter(request.query['$filter']));
      const visible = readable(resources, request, `${TYPE}/read`, idOf, groups);
      return { status: 200, body: page(request, visible.map(armResourceGroup)) };
    }),
    route('GET', ONE, 'ResourceGroups_Get', `${TYPE}/read`, (request) => ({
      status: 200,
      body: armResourceGroup(requireResourceGroup(resources, request)),
    })),
    route('HEAD', ONE, 'ResourceGroups_CheckExistence', `${TYPE}/read`, (request) => {
      const { id } = requireSubscription(resources, request);
      return { status: findResourceGroup(database, id, request.params['resourceGroupName']!) ? 204 : 404 };
    }),
    route('PUT', ONE, 'ResourceGroups_CreateOrUpdate', `${TYPE}/write`, (request) => putGroup(resources, request)),
    route('PATCH', ONE, 'ResourceGroups_Update', `${TYPE}/write`, (request) => {
      const group = requireLastingGroup(resources, request);
      const body = parseBody(ResourceGroupForPatch, request.body, BODY);
      if (body.location !== undefined) requireSameLocation(group, body.location);
      const tags = body.tags ? requireTags(body.tags) : group.tags;
      return { status: 200, body: armResourceGroup(saveGroup(resources, request, 'PATCH', { ...group, tags })) };
    }),
    route('DELETE', ONE, 'ResourceGroups_Delete', `${TYPE}/delete`, (request) => {
      const group = requireResourceGroup(resources, request);
      const { apiVersion } = request;
      // Whoever deletes what is being deleted gets what they want, and waits for the same end.
      const underway = listOperationsInProgress(database).find(
        ({ kind, resourceId }) => kind === 'delete-resource-group' && resourceId === idOf(group),
      );
      const operation =
        underway ??
        beginDeleteResourceGroup(resources.control, { group, apiVersion, caller: callerOf(request, 'DELETE') });
      return { status: 202, headers: pollHeaders(request, operation.id) };
    }),
    {
      method: 'GET',
      path: '/subscriptions/{subscriptionId}/operationresults/{operationId}',
      operationId: 'ResourceGroups_DeleteResult',
      action: null,
      apiVersions: RESOURCES_API_VERSIONS,
      handle: (request) => deletionResult(resources, request),
    },
  ];
}

function putGroup(resources: Resources, request: ArmRequest): ArmResponse {
  const { database } = resources.control.world;
  const subscription = requireSubscription(resources, request);
  const name = request.params['resourceGroupName']!;
  const problem = resourceGroupNameProblem(name);
  if (problem) throw new ArmError('InvalidResourceGroup', 400, problem, { target: 'resourceGroupName' });
  const body = parseBody(ResourceGroupForPut, request.body, BODY);
  const tags = requireTags(body.tags);
  const existing = findResourceGroup(database, subscription.id, name);
  if (existing) {
    requireLastingGroup(resources, request);
    requireSameLocation(existing, body.location);
  }
  const region = findRegion(body.location);
  if (!region) {
    throw new ArmError(
      'LocationNotAvailableForResourceGroup',
      400,
      `The provided location '${body.location}' is not available for resource group. Ask for the subscription's locations to see those that are.`,
      { target: 'location' },
    );
  }
  const group = saveGroup(resources, request, 'PUT', {
    subscriptionId: subscription.id,
    name,
    location: region.name,
    tags,
  });
  return { status: existing ? 200 : 201, body: armResourceGroup(group) };
}

function requireSameLocation(group: ResourceGroupRow, location: string): void {
  if (findRegion(location)?.name === group.location) return;
  throw new ArmError(
    'InvalidResourceGroupLocation',
    409,
    `Invalid resource group location '${location}'. The Resource group already exists in location '${group.location}'.`,
    { target: 'location' },
  );
}

function saveGroup(
  resources: Resources,
  request: ArmRequest,
  method: 'PUT' | 'PATCH',
  group: Parameters<typeof putResourceGroup>[1],
): ResourceGroupRow {
  const { database, clock, newId } = resources.control.world;
  return transaction(database, () => {
    const existed = findResourceGroup(database, group.subscriptionId, group.name) !== undefined;
    putResourceGroup(database, group, clock.now());
    recordActivity(database, {
      action: `${TYPE}/write`,
      title: existed ? 'Update resource group' : 'Create resource group',
      resourceId: resourceGroupId(group.subscriptionId, group.name),
      caller: callerOf(request, method),
      status: 'Succeeded',
      operationId: newId(),
      eventId: newId(),
      at: clock.now(),
    });
    return findResourceGroup(database, group.subscriptionId, group.name)!;
  });
}

function pollHeaders(request: ArmRequest, operationId: string): Record<string, string> {
  const { origin, params, apiVersion } = request;
  return {
    Location: `${origin}/subscriptions/${params['subscriptionId']}/operationresults/${operationId}?api-version=${apiVersion}`,
    'Retry-After': RETRY_AFTER,
  };
}

/** ARM's own kind of waiting: 202 with the same `Location` until it is over, then 200, or the error. */
function deletionResult(resources: Resources, request: ArmRequest): ArmResponse {
  const subscription = requireSubscription(resources, request);
  const id = request.params['operationId']!;
  const operation = findOperation(resources.control.world.database, id);
  if (!operation || operation.subscriptionId.toLowerCase() !== subscription.id.toLowerCase())
    throw operationNotFound(id);
  resources.authorizer.require(request.principal, `${TYPE}/read`, operation.resourceId);
  if (operation.status === 'InProgress') return { status: 202, headers: pollHeaders(request, id) };
  if (operation.error) {
    const { code, message, target, details } = operation.error;
    throw new ArmError(code, 409, message, { target, details });
  }
  return { status: 200 };
}

function idOf(group: ResourceGroupRow): string {
  return resourceGroupId(group.subscriptionId, group.name);
}

export function armResourceGroup(group: ResourceGroupRow) {
  const { name, location, tags, state } = group;
  return {
    id: idOf(group),
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location,
    ...(Object.keys(tags).length > 0 && { tags }),
    properties: { provisioningState: state },
  };
}

/** `tagName eq 'a' and tagValue eq 'b'`: all that ARM filters groups by. */
function tagFilter(filter: string | undefined): (group: ResourceGroupRow) => boolean {
  if (!filter) return () => true;
  const [, name, value] = /^\s*tagname\s+eq\s+'([^']*)'(?:\s+and\s+tagvalue\s+eq\s+'([^']*)')?\s*$/i.exec(filter) ?? [];
  if (name === undefined) {
    throw new ArmError(
      'InvalidFilterInQueryString',
      400,
      `Invalid $filter '${filter}' specified in the query string. It can be: tagName eq 'name' and tagValue eq 'value'.`,
      { target: '$filter' },
    );
  }
  return ({ tags }) =>
    Object.entries(tags).some(
      ([tag, of]) => tag.toLowerCase() === name.toLowerCase() && (value === undefined || of === value),
    );
}
