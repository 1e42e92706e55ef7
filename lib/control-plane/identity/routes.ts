import { ArmError } from '../../arm/error.ts';
import type { ArmRequest, ArmRoute } from '../resources/route.ts';
import type { Database } from '../store/database.ts';
import { listRoleAssignments, type RoleAssignment } from '../store/role-assignments.ts';
import { listServicePrincipals } from '../store/service-principals.ts';
import { covers, rolesAt } from './authorization.ts';
import { ROLES, type RoleDefinition } from './roles.ts';

const PERMISSIONS_VERSIONS = ['2015-06-01', '2015-07-01', '2018-01-01-preview', '2018-07-01', '2022-04-01'];
const ASSIGNMENTS_VERSIONS = ['2015-07-01', '2018-01-01-preview', '2020-04-01-preview', '2022-04-01'];
const DEFINITIONS_VERSIONS = ['2015-07-01', '2018-01-01-preview', '2022-04-01'];

/** Microsoft.Authorization, to read: what the caller may, who has which role, what a role is. */
export function identityRoutes(database: Database): ArmRoute[] {
  const provider = '/{scope}/providers/Microsoft.Authorization';
  return [
    {
      method: 'GET',
      path: `${provider}/permissions`,
      operationId: 'Permissions_ListForResource',
      action: null, // the caller's own
      apiVersions: PERMISSIONS_VERSIONS,
      handle: ({ principal, params }) => ({
        status: 200,
        body: {
          value: rolesAt(database, principal.objectId, scopeOf(params)).map(({ actions, notActions }) => ({
            actions,
            notActions,
            dataActions: [],
            notDataActions: [],
          })),
        },
      }),
    },
    {
      method: 'GET',
      path: `${provider}/roleAssignments`,
      operationId: 'RoleAssignments_ListForScope',
      action: 'Microsoft.Authorization/roleAssignments/read',
      apiVersions: ASSIGNMENTS_VERSIONS,
      handle: (request) => ({ status: 200, body: { value: assignmentsAt(database, request) } }),
    },
    {
      method: 'GET',
      path: `${provider}/roleDefinitions`,
      operationId: 'RoleDefinitions_List',
      action: 'Microsoft.Authorization/roleDefinitions/read',
      apiVersions: DEFINITIONS_VERSIONS,
      handle: ({ params, query }) => {
        const name = filterValue(query.$filter, /^roleName eq '(.*)'$/i);
        const found = Object.values(ROLES).filter(
          (role) => name === undefined || role.name.toLowerCase() === name.toLowerCase(),
        );
        return { status: 200, body: { value: found.map((role) => definition(role, scopeOf(params))) } };
      },
    },
    {
      method: 'GET',
      path: `${provider}/roleDefinitions/{roleDefinitionId}`,
      operationId: 'RoleDefinitions_Get',
      action: 'Microsoft.Authorization/roleDefinitions/read',
      apiVersions: DEFINITIONS_VERSIONS,
      handle: ({ params }) => {
        const id = params.roleDefinitionId!;
        const role = Object.values(ROLES).find((candidate) => candidate.id === id.toLowerCase());
        if (!role) {
          throw new ArmError(
            'RoleDefinitionDoesNotExist',
            404,
            `The specified role definition with ID '${id}' does not exist.`,
          );
        }
        return { status: 200, body: definition(role, scopeOf(params)) };
      },
    },
  ];
}

function scopeOf(params: Record<string, string>): string {
  return `/${params.scope}`;
}

/** Assignments that hold at the scope, or below it unless the filter says `atScope()`. */
function assignmentsAt(database: Database, { params, query }: ArmRequest): unknown[] {
  const scope = scopeOf(params);
  const filter = query.$filter?.trim();
  const person = filterValue(
    filter?.replace(/^atScope\(\)( and )?/i, ''),
    /^(?:principalId eq|assignedTo\()\s*'([^']*)'\)?$/i,
  );
  const onlyAbove = /^atScope\(\)/i.test(filter ?? '');
  const automation = new Set(listServicePrincipals(database).map(({ objectId }) => objectId));
  return listRoleAssignments(database)
    .filter(
      (assignment) => covers(assignment, scope) || (!onlyAbove && covers({ ...assignment, scope }, assignment.scope)),
    )
    .filter((assignment) => person === undefined || assignment.principalId === person.toLowerCase())
    .map((assignment) => wire(assignment, automation.has(assignment.principalId) ? 'ServicePrincipal' : 'User'));
}

function wire({ id, principalId, role, scope }: RoleAssignment, principalType: string): unknown {
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${id}`,
    type: 'Microsoft.Authorization/roleAssignments',
    name: id,
    properties: {
      roleDefinitionId: `${subscriptionOf(scope)}/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role].id}`,
      principalId,
      principalType,
      scope,
    },
  };
}

function definition({ id, name, description, actions, notActions }: RoleDefinition, scope: string): unknown {
  return {
    id: `${subscriptionOf(scope)}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
    type: 'Microsoft.Authorization/roleDefinitions',
    name: id,
    properties: {
      roleName: name,
      type: 'BuiltInRole',
      description,
      assignableScopes: ['/'],
      permissions: [{ actions, notActions, dataActions: [], notDataActions: [] }],
    },
  };
}

/** Role definitions have their id at the subscription, wherever they are asked for. */
function subscriptionOf(scope: string): string {
  return /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? '';
}

/** @throws {ArmError} when there is a filter of another form. */
function filterValue(filter: string | undefined, form: RegExp): string | undefined {
  if (filter === undefined || filter === '') return undefined;
  const value = form.exec(filter)?.[1];
  if (value !== undefined) return value;
  throw new ArmError('UnsupportedQuery', 400, `The filter '${filter}' is not supported. Leave $filter out to get all.`);
}
