/** Microsoft.Authorization's answer to "what may I do here?": patterns of actions, with `*` for anything. */
export interface PermissionPatterns {
  actions: readonly string[];
  notActions?: readonly string[];
}

/**
 * True when one of these permissions grants `action`. Permissions are per role, and a `notActions` takes back only what
 * its own role grants (ARM's rule: a role that grants it elsewhere still does).
 */
export function isAllowed(permissions: readonly PermissionPatterns[], action: string): boolean {
  return permissions.some(
    ({ actions, notActions = [] }) =>
      actions.some((pattern) => matches(pattern, action)) && !notActions.some((pattern) => matches(pattern, action)),
  );
}

function matches(pattern: string, action: string): boolean {
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`, 'i').test(action);
}
