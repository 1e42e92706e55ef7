import * as z from 'zod';
import { ArmError } from '../../arm/error.ts';
import { MYSQL_NAMESPACE, parseResourceId, resourceGroupId, SERVER_TYPE, serverKeyOf } from '../../arm/resource-id.ts';
import { LOCK_LEVELS, lockNameProblem } from '../../rules/locks.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { transaction } from '../store/database.ts';
import { deleteLock, findLock, locksAround, putLock, type LockRow } from '../store/locks.ts';
import { findResourceGroup } from '../store/resource-groups.ts';
import { findServer } from '../store/servers.ts';
import { findSubscription } from '../store/subscriptions.ts';
import { page } from './paging.ts';
import { parseBody } from './parse-body.ts';
import { invalidParameter, resourceGroupNotFound, resourceNotFound, subscriptionNotFound } from './refusals.ts';
import { callerOf, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';
import { serverResourceId } from './server-shape.ts';

const LIST = '/{scope}/providers/Microsoft.Authorization/locks';
const ONE = `${LIST}/{lockName}`;
const TYPE = 'Microsoft.Authorization/locks';
const API_VERSIONS = ['2015-01-01', '2016-09-01', '2017-04-01', '2020-05-01'];

const LockBody = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  type: z.string().optional(),
  systemData: z.unknown().optional(),
  properties: z.object({
    level: z.enum(LOCK_LEVELS),
    notes: z.string().max(512, 'Notes have 512 characters at most').nullish(),
    owners: z.array(z.object({ applicationId: z.string().optional() })).nullish(),
  }),
});

/** Microsoft.Authorization/locks on subscriptions, resource groups, servers and what is below a server. */
export function lockRoutes(resources: Resources): ArmRoute[] {
  const { database, clock, newId } = resources.control.world;
  const route = (
    method: ArmRoute['method'],
    path: string,
    operationId: string,
    permission: string,
    handle: ArmRoute['handle'],
  ): ArmRoute => ({ method, path, operationId, action: `${TYPE}/${permission}`, apiVersions: API_VERSIONS, handle });

  /** The change and its event, both or neither. */
  function change(request: ArmRequest, method: 'PUT' | 'DELETE', id: string, record: () => void): void {
    transaction(database, () => {
      record();
      recordActivity(database, {
        action: `${TYPE}/${method === 'PUT' ? 'write' : 'delete'}`,
        title: method === 'PUT' ? 'Add management lock' : 'Delete management lock',
        resourceId: id,
        caller: callerOf(request, method),
        status: 'Succeeded',
        operationId: newId(),
        eventId: newId(),
        at: clock.now(),
      });
    });
  }

  return [
    route('GET', LIST, 'ManagementLocks_ListByScope', 'read', (request) => {
      const scope = requireScope(resources, request);
      const locks = locksAround(database, scope).filter(placedBy(scope, request.query['$filter']));
      return { status: 200, body: page(request, locks.map(armLock)) };
    }),
    route('GET', ONE, 'ManagementLocks_GetByScope', 'read', (request) => {
      const name = request.params['lockName']!;
      const lock = findLock(database, requireScope(resources, request), name);
      if (!lock) throw new ArmError('LockNotFound', 404, `The lock '${name}' could not be found.`);
      return { status: 200, body: armLock(lock) };
    }),
    route('PUT', ONE, 'ManagementLocks_CreateOrUpdateByScope', 'write', (request) => {
      const scope = requireScope(resources, request);
      const name = request.params['lockName']!;
      const problem = lockNameProblem(name);
      if (problem) throw invalidParameter('lockName', problem);
      const { level, notes, owners } = parseBody(LockBody, request.body, 'ManagementLockObject').properties;
      const before = findLock(database, scope, name);
      const lock: LockRow = {
        scope,
        name: before?.name ?? name,
        level,
        notes: notes || null,
        owners: owners ?? [],
        createdAt: before?.createdAt ?? clock.now(),
      };
      change(request, 'PUT', lockId(lock), () => putLock(database, lock));
      return { status: before ? 200 : 201, body: armLock(lock) };
    }),
    route('DELETE', ONE, 'ManagementLocks_DeleteByScope', 'delete', (request) => {
      const lock = findLock(database, requireScope(resources, request), request.params['lockName']!);
      if (!lock) return { status: 204 };
      change(request, 'DELETE', lockId(lock), () => deleteLock(database, lock.scope, lock.name));
      return { status: 200 };
    }),
  ];
}

/**
 * The id of what the lock is on, in the letters that it was made with.
 *
 * @throws {ArmError} 404 when it is not there.
 */
function requireScope({ control }: Resources, request: ArmRequest): string {
  const { database } = control.world;
  const scope = `/${request.params['scope']!.replace(/^\/+/, '')}`;
  const parsed = parseResourceId(scope);
  if (!parsed)
    throw invalidParameter('scope', `'${scope}' is not the id of a subscription, resource group or resource.`);
  const subscription = findSubscription(database, parsed.subscriptionId);
  if (!subscription) throw subscriptionNotFound(parsed.subscriptionId);
  if (!parsed.resourceGroup) return `/subscriptions/${subscription.id}`;
  const group = findResourceGroup(database, subscription.id, parsed.resourceGroup);
  if (!group) throw resourceGroupNotFound(parsed.resourceGroup);
  if (!parsed.namespace) return resourceGroupId(group.subscriptionId, group.name);
  const key = serverKeyOf(scope);
  if (!key) {
    throw invalidParameter(
      'scope',
      `'${scope}' cannot be locked here. Subscriptions, resource groups and servers of ${MYSQL_NAMESPACE} can.`,
    );
  }
  const server = findServer(database, key);
  if (!server) throw resourceNotFound(SERVER_TYPE, key.serverName, key.resourceGroup);
  const below = parsed.segments.slice(1).map(({ type, name }) => `/${type}/${name}`);
  return serverResourceId(server) + below.join('');
}

/** ARM's one filter: without it those below the scope are listed too. */
function placedBy(scope: string, filter: string | undefined): (lock: LockRow) => boolean {
  if (filter === undefined || filter.trim() === '') return () => true;
  if (!/^\s*atscope\(\s*\)\s*$/i.test(filter)) {
    throw new ArmError(
      'InvalidFilterInQueryString',
      400,
      `Invalid $filter '${filter}' specified in the query string. It can be: atScope().`,
      { target: '$filter' },
    );
  }
  return (lock) => lock.scope.length <= scope.length;
}

function lockId({ scope, name }: LockRow): string {
  return `${scope}/providers/${TYPE}/${name}`;
}

function armLock(lock: LockRow) {
  const { level, notes, owners, name } = lock;
  return {
    properties: { level, ...(notes && { notes }), ...(owners.length > 0 && { owners }) },
    id: lockId(lock),
    type: TYPE,
    name,
  };
}
