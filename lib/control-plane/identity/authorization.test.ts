import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ArmRequest, Principal } from '../resources/route.ts';
import { findAccountByName } from '../store/accounts.ts';
import { openControlDatabase, type Database } from '../store/database.ts';
import { ensureLocalAccounts } from './accounts.ts';
import { createAuthorizer } from './authorization.ts';
import { identityRoutes } from './routes.ts';
import { ROLES, roleAllows } from './roles.ts';

const SUBSCRIPTION = '/subscriptions/11111111-2222-3333-4444-555555555555';
const SERVER = `${SUBSCRIPTION}/resourceGroups/shop/providers/Microsoft.DBforMySQL/flexibleServers/orders`;

test.each([
  ['Owner', 'Microsoft.Authorization/roleAssignments/write', true],
  ['Contributor', 'Microsoft.DBforMySQL/flexibleServers/write', true],
  ['Contributor', 'microsoft.dbformysql/flexibleservers/delete', true],
  ['Contributor', 'Microsoft.Authorization/roleAssignments/write', false],
  ['Contributor', 'microsoft.authorization/locks/DELETE', false],
  ['Contributor', 'Microsoft.Authorization/elevateAccess/action', false],
  ['Contributor', 'Microsoft.Authorization/roleAssignments/read', true],
  ['Reader', 'Microsoft.DBforMySQL/flexibleServers/read', true],
  ['Reader', 'Microsoft.DBforMySQL/flexibleServers/READ', true],
  ['Reader', 'Microsoft.DBforMySQL/flexibleServers/restart/action', false],
  ['Reader', 'Microsoft.DBforMySQL/flexibleServers/read/action', false],
  ['Reader', 'read', false],
] as const)('%s, %s: %s', (role, action, allowed) => {
  expect(roleAllows(ROLES[role], action)).toBe(allowed);
});

describe('with the three accounts', () => {
  let database: Database;
  beforeEach(() => {
    database = openControlDatabase(':memory:');
    ensureLocalAccounts(database, SUBSCRIPTION.slice('/subscriptions/'.length), randomUUID);
    return () => database.close();
  });

  const person = (name: string): Principal => {
    const { objectId, userName } = findAccountByName(database, `${name}@local`)!;
    return { objectId, tenantId: 'tid', name: userName, kind: 'User' };
  };

  test('roles hold at the subscription and below, in any letters, and nowhere else', () => {
    const { isAllowed } = createAuthorizer(database);
    const write = 'Microsoft.DBforMySQL/flexibleServers/write';
    expect(isAllowed(person('owner'), write, SERVER.toUpperCase())).toBe(true);
    expect(isAllowed(person('owner'), write, SUBSCRIPTION)).toBe(true);
    expect(isAllowed(person('owner'), write, `${SUBSCRIPTION}9`)).toBe(false);
    expect(isAllowed(person('owner'), write, '/')).toBe(false);
    expect(isAllowed(person('reader'), write, SERVER)).toBe(false);
    expect(isAllowed({ ...person('owner'), objectId: randomUUID() }, 'x/read', SERVER)).toBe(false);
  });

  test('a refusal has the words of ARM', () => {
    const reader = person('reader');
    const action = 'Microsoft.DBforMySQL/flexibleServers/delete';
    expect(() => createAuthorizer(database).require(reader, action, SERVER)).toThrow(
      expect.objectContaining({
        code: 'AuthorizationFailed',
        status: 403,
        message:
          `The client 'reader@local' with object id '${reader.objectId}' does not have authorization to perform action ` +
          `'${action}' over scope '${SERVER}' or the scope is invalid. If access was recently granted, please refresh ` +
          'your credentials.',
      }),
    );
  });

  test('making the accounts again changes nothing', () => {
    const before = person('reader');
    ensureLocalAccounts(database, 'another', randomUUID);
    expect(person('reader')).toEqual(before);
  });

  const ask = async (operationId: string, who: string, scope: string, query = {}) => {
    const route = identityRoutes(database).find((candidate) => candidate.operationId === operationId)!;
    const request = { params: { scope: scope.slice(1) }, query, principal: person(who) } as unknown as ArmRequest;
    return (await route.handle(request)).body as { value: Record<string, unknown>[] };
  };

  test('permissions are those of the caller at the scope', async () => {
    const { value } = await ask('Permissions_ListForResource', 'reader', SERVER);
    expect(value).toEqual([{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }]);
    expect((await ask('Permissions_ListForResource', 'reader', '/subscriptions/other')).value).toEqual([]);
  });

  test("role assignments are listed, or one principal's", async () => {
    expect((await ask('RoleAssignments_ListForScope', 'reader', SUBSCRIPTION)).value).toHaveLength(3);
    const { objectId } = person('contributor');
    const { value } = await ask('RoleAssignments_ListForScope', 'reader', SERVER, {
      $filter: `atScope() and assignedTo('${objectId}')`,
    });
    expect(value).toMatchObject([
      {
        properties: {
          principalId: objectId,
          scope: SUBSCRIPTION,
          roleDefinitionId: expect.stringContaining(ROLES.Contributor.id),
        },
      },
    ]);
  });

  test('role definitions are found by name', async () => {
    const { value } = await ask('RoleDefinitions_List', 'reader', SUBSCRIPTION, {
      $filter: "roleName eq 'Contributor'",
    });
    expect(value).toMatchObject([
      { name: ROLES.Contributor.id, properties: { roleName: 'Contributor', type: 'BuiltInRole' } },
    ]);
  });
});
