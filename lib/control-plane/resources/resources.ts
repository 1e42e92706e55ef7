import type { Control } from '../operations/world.ts';
import type { DownloadLinks } from '../logs/download-links.ts';
import type { Caller } from '../store/operations.ts';
import { findResourceGroup, type ResourceGroupRow } from '../store/resource-groups.ts';
import { findServer, type ServerRow } from '../store/servers.ts';
import { findSubscription, type SubscriptionRow } from '../store/subscriptions.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { ArmError } from '../../arm/error.ts';
import type { DataPlane } from './data-plane.ts';
import { resourceGroupNotFound, resourceNotFound, subscriptionNotFound } from './refusals.ts';
import type { ArmRequest, Authorizer } from './route.ts';
import type { Offer } from './server-requirements.ts';

/** All that the handlers of resources stand on. */
export interface Resources {
  control: Control;
  authorizer: Authorizer;
  /** Reads that MySQL itself answers. */
  dataPlane: DataPlane;
  /** Links to log files. */
  downloads: DownloadLinks;
  /** What may be journaled of a password. */
  hashPassword(password: string): Promise<string>;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws {ArmError} InvalidSubscriptionId 400, SubscriptionNotFound 404. */
export function requireSubscription({ control }: Resources, request: ArmRequest): SubscriptionRow {
  const id = request.params['subscriptionId']!;
  if (!GUID.test(id)) {
    throw new ArmError(
      'InvalidSubscriptionId',
      400,
      `The provided subscription identifier '${id}' is malformed or invalid.`,
    );
  }
  const subscription = findSubscription(control.world.database, id);
  if (!subscription) throw subscriptionNotFound(id);
  return subscription;
}

/** @throws {ArmError} as {@link requireSubscription}; ResourceGroupNotFound 404. */
export function requireResourceGroup(resources: Resources, request: ArmRequest): ResourceGroupRow {
  const subscription = requireSubscription(resources, request);
  const name = request.params['resourceGroupName']!;
  const group = findResourceGroup(resources.control.world.database, subscription.id, name);
  if (!group) throw resourceGroupNotFound(name);
  return group;
}

/** @throws {ArmError} ResourceGroupBeingDeleted 409: nothing new comes into a group that goes. */
export function requireLastingGroup(resources: Resources, request: ArmRequest): ResourceGroupRow {
  const group = requireResourceGroup(resources, request);
  if (group.state === 'Deleting') {
    throw new ArmError(
      'ResourceGroupBeingDeleted',
      409,
      `The resource group '${group.name}' is in deprovisioning state and cannot perform this operation.`,
    );
  }
  return group;
}

/** @throws {ArmError} as {@link requireResourceGroup}; ResourceNotFound 404. */
export function requireServer(resources: Resources, request: ArmRequest): ServerRow {
  const group = requireResourceGroup(resources, request);
  const server = serverIn(resources, request, group);
  if (!server) throw resourceNotFound(SERVER_TYPE, request.params['serverName']!, group.name);
  return server;
}

export function serverIn({ control }: Resources, request: ArmRequest, group: ResourceGroupRow): ServerRow | undefined {
  return findServer(control.world.database, {
    subscriptionId: group.subscriptionId,
    resourceGroup: group.name,
    serverName: request.params['serverName']!,
  });
}

/** Who asks, as the journal and the activity log keep it. */
export function callerOf(request: ArmRequest, method: string): Caller {
  const { principal, correlationId, clientAddress, url } = request;
  const { objectId, name, kind, tenantId } = principal;
  return { objectId, name, kind, tenantId, correlationId, clientAddress, method, url };
}

/** The series that this machine's runtimes have, each once, best first. */
export function offerOf({ control }: Resources): Offer {
  return { versions: [...new Set(control.world.runtimes.map(({ series }) => series))] };
}

/** Only those that the caller may read; a list answers with them and says nothing of the others, as ARM does. */
export function readable<T>(
  { authorizer }: Resources,
  request: ArmRequest,
  action: string,
  scopeOf: (item: T) => string,
  items: readonly T[],
): T[] {
  const { principal } = request;
  if (authorizer.isAllowed(principal, action, `/subscriptions/${request.params['subscriptionId']}`)) return [...items];
  return items.filter((item) => authorizer.isAllowed(principal, action, scopeOf(item)));
}
