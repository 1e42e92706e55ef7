import { ArmError } from '../../arm/error.ts';
import type { Authorizer, Principal } from '../resources/route.ts';
import type { Database } from '../store/database.ts';
import { roleAssignmentsOf, type RoleAssignment } from '../store/role-assignments.ts';
import { ROLES, roleAllows, type RoleDefinition } from './roles.ts';

/** Asks the stored role assignments at each call: what is taken away is gone with the next request. */
export function createAuthorizer(database: Database): Authorizer {
  const isAllowed = (principal: Principal, action: string, scope: string): boolean =>
    rolesAt(database, principal.objectId, scope).some((role) => roleAllows(role, action));
  return {
    isAllowed,
    require(principal, action, scope) {
      if (isAllowed(principal, action, scope)) return;
      throw new ArmError(
        'AuthorizationFailed',
        403,
        `The client '${principal.name}' with object id '${principal.objectId}' does not have authorization to perform ` +
          `action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, ` +
          'please refresh your credentials.',
      );
    },
  };
}

/** The roles that somebody has at a scope, given there or above it. */
export function rolesAt(database: Database, principalId: string, scope: string): RoleDefinition[] {
  return roleAssignmentsOf(database, principalId)
    .filter((assignment) => covers(assignment, scope))
    .map((assignment) => ROLES[assignment.role]);
}

/** True when the assignment was given at this scope or above it. */
export function covers(assignment: RoleAssignment, scope: string): boolean {
  const above = withSlash(assignment.scope);
  return withSlash(scope).startsWith(above);
}

function withSlash(scope: string): string {
  const path = scope.toLowerCase();
  return path.endsWith('/') ? path : `${path}/`;
}
