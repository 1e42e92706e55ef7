import * as z from 'zod';
import { ArmError } from '../../arm/error.ts';
import { parseResourceId, resourceGroupId, serverKeyOf } from '../../arm/resource-id.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { beginUpdateServer } from '../operations/begin.ts';
import { transaction } from '../store/database.ts';
import { findResourceGroup, putResourceGroup } from '../store/resource-groups.ts';
import { findServer } from '../store/servers.ts';
import { RESOURCES_API_VERSIONS } from './arm-versions.ts';
import { parseBody } from './parse-body.ts';
import { invalidParameter, resourceGroupNotFound, resourceNotFound } from './refusals.ts';
import { callerOf, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { requireTags } from './server-requirements.ts';
import { intentOf, serverResourceId } from './server-shape.ts';
import { systemDataFor } from './system-data.ts';

const PATH = '/{scope}/providers/Microsoft.Resources/tags/default';
type Tags = Record<string, string>;

const Properties = z.object({ tags: z.record(z.string(), z.string()).nullish() });
const TagsForPut = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  properties: Properties,
});
const TagsForPatch = z.strictObject({
  operation: z.enum(['Merge', 'Replace', 'Delete']),
  properties: Properties.nullish(),
});

/** What carries tags: a resource group or a server. */
interface Tagged {
  id: string;
  tags: Tags;
  save(tags: Tags): void;
}

/** The tags of a resource group or a server, without knowing the rest of it. */
export function tagRoutes(resources: Resources): ArmRoute[] {
  const route = (
    method: ArmRoute['method'],
    operationId: string,
    permission: string,
    handle: (request: ArmRequest, tagged: Tagged) => Tags,
  ): ArmRoute => ({
    method,
    path: PATH,
    operationId,
    action: `Microsoft.Resources/tags/${permission}`,
    apiVersions: RESOURCES_API_VERSIONS.filter((version) => version >= '2019-10-01'),
    handle: (request): ArmResponse => {
      const tagged = requireTagged(resources, request, method);
      const tags = handle(request, tagged);
      if (method !== 'GET') tagged.save(requireTags(tags));
      return method === 'DELETE' ? { status: 200 } : { status: 200, body: armTags(tagged.id, tags) };
    },
  });
  return [
    route('GET', 'Tags_GetAtScope', 'read', (_, { tags }) => tags),
    route('PUT', 'Tags_CreateOrUpdateAtScope', 'write', ({ body }) => {
      return parseBody(TagsForPut, body, 'TagsResource').properties.tags ?? {};
    }),
    route('PATCH', 'Tags_UpdateAtScope', 'write', ({ body }, { tags }) => {
      const { operation, properties } = parseBody(TagsForPatch, body, 'TagsPatchResource');
      return patched(tags, operation, properties?.tags ?? {});
    }),
    route('DELETE', 'Tags_DeleteAtScope', 'delete', () => ({})),
  ];
}

/** Names of tags are without regard to case, their values are not. */
function patched(before: Tags, operation: 'Merge' | 'Replace' | 'Delete', given: Tags): Tags {
  if (operation === 'Replace') return given;
  const kept = Object.entries(before).filter(([name, value]) => {
    const [, other] = Object.entries(given).find(([tag]) => tag.toLowerCase() === name.toLowerCase()) ?? [];
    if (other === undefined) return true;
    // Delete with another value than the tag has leaves it.
    return operation === 'Delete' && other !== '' && other !== value;
  });
  return { ...Object.fromEntries(kept), ...(operation === 'Merge' && given) };
}

function requireTagged(resources: Resources, request: ArmRequest, method: ArmRoute['method']): Tagged {
  const { control } = resources;
  const { database, clock, newId } = control.world;
  const scope = `/${request.params['scope']!.replace(/^\/+/, '')}`;
  const caller = callerOf(request, method);
  const key = serverKeyOf(scope);
  const parsed = parseResourceId(scope);
  if (key && parsed?.segments.length === 1) {
    const server = findServer(database, key);
    if (!server) throw resourceNotFound('Microsoft.DBforMySQL/flexibleServers', key.serverName, key.resourceGroup);
    const intent = intentOf(server);
    return {
      id: serverResourceId(server),
      tags: intent.tags,
      save: (tags) => {
        const systemData = systemDataFor(caller, clock.now(), intent.systemData);
        beginUpdateServer(control, {
          server,
          intent: { ...intent, tags, systemData },
          apiVersion: request.apiVersion,
          caller,
        });
      },
    };
  }
  if (!parsed?.resourceGroup || parsed.namespace) {
    throw invalidParameter('scope', `'${scope}' carries no tags here. Resource groups and servers do.`);
  }
  const group = findResourceGroup(database, parsed.subscriptionId, parsed.resourceGroup);
  if (!group) throw resourceGroupNotFound(parsed.resourceGroup);
  const id = resourceGroupId(group.subscriptionId, group.name);
  return {
    id,
    tags: group.tags,
    save: (tags) => {
      if (group.state === 'Deleting') {
        throw new ArmError('ResourceGroupBeingDeleted', 409, `The resource group '${group.name}' is being deleted.`);
      }
      transaction(database, () => {
        putResourceGroup(database, { ...group, tags }, clock.now());
        recordActivity(database, {
          action: 'Microsoft.Resources/tags/write',
          title: 'Update tags',
          resourceId: id,
          caller,
          status: 'Succeeded',
          operationId: newId(),
          eventId: newId(),
          at: clock.now(),
        });
      });
    },
  };
}

function armTags(id: string, tags: Tags) {
  return {
    id: `${id}/providers/Microsoft.Resources/tags/default`,
    name: 'default',
    type: 'Microsoft.Resources/tags',
    properties: { tags },
  };
}
