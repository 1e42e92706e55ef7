import type { Database } from './database.ts';

export type RoleName = 'Owner' | 'Contributor' | 'Reader';

export interface RoleAssignment {
  /** GUID, the last part of its resource id. */
  id: string;
  /** `oid` of an account or a service principal. */
  principalId: string;
  role: RoleName;
  /** Resource id of what it covers, with all below it. */
  scope: string;
}

const COLUMNS = `id, principal_id AS principalId, role, scope`;

export function addRoleAssignment(database: Database, assignment: RoleAssignment): void {
  database
    .prepare(`INSERT INTO role_assignments VALUES (?, ?, ?, ?)`)
    .run(assignment.id, assignment.principalId, assignment.role, assignment.scope);
}

export function listRoleAssignments(database: Database): RoleAssignment[] {
  return database
    .prepare(`SELECT ${COLUMNS} FROM role_assignments ORDER BY rowid`)
    .all() as unknown as RoleAssignment[];
}

export function roleAssignmentsOf(database: Database, principalId: string): RoleAssignment[] {
  const rows = database.prepare(`SELECT ${COLUMNS} FROM role_assignments WHERE principal_id = ?`).all(principalId);
  return rows as unknown as RoleAssignment[];
}
