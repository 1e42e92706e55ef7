import { useQuery } from '@tanstack/react-query';
import { apiPaths } from '../paths.ts';
import { isAllowed, type PermissionPatterns } from '../rules/permissions.ts';
import { readQuery } from './client.ts';

/** The person's permissions at a scope: a subscription, group or resource id; '' while it is not known yet. */
export const permissionsQuery = (scope: string) => ({
  ...readQuery<PermissionPatterns[]>(apiPaths.permissions(scope)),
  enabled: scope !== '',
  staleTime: 60_000,
});

/**
 * Why `action` may not be done at `scope`, as words for a control; undefined when it may, and while it isn't known yet
 * (ARM itself refuses what this misses).
 */
export function usePermission(scope: string, action: string): string | undefined {
  const { data } = useQuery(permissionsQuery(scope));
  if (data === undefined || isAllowed(data, action)) return undefined;
  return `Your role here does not include ${action}. Ask an owner for one that does.`;
}
