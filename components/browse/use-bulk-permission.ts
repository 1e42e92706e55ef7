import { useQueries } from '@tanstack/react-query';
import { serverId } from '@/lib/arm/resource-id';
import { permissionsQuery } from '@/lib/queries/permissions';
import type { BulkAction } from '@/lib/rules/bulk-actions';
import type { FleetServer } from '@/lib/rules/fleet';
import { isAllowed, type PermissionPatterns } from '@/lib/rules/permissions';

/** Enough to know that a person may do nothing; ARM refuses each of the others for itself. */
const MOST_ASKED = 5;

const NEEDED: Record<BulkAction, string> = {
  start: 'Microsoft.DBforMySQL/flexibleServers/start/action',
  stop: 'Microsoft.DBforMySQL/flexibleServers/stop/action',
  restart: 'Microsoft.DBforMySQL/flexibleServers/restart/action',
  tag: 'Microsoft.DBforMySQL/flexibleServers/write',
  delete: 'Microsoft.DBforMySQL/flexibleServers/delete',
};

/** Why an action may be done to none of the servers; undefined where it may, or where that is not known. */
export function useBulkPermission(servers: readonly FleetServer[]): Record<BulkAction, string | undefined> {
  const permissions = useQueries({
    queries: servers.slice(0, MOST_ASKED).map(({ key }) => permissionsQuery(serverId(key))),
    combine: (results) => results.map(({ data }): PermissionPatterns[] | undefined => data),
  });
  const reason = (action: BulkAction) => {
    const isForbidden =
      permissions.length > 0 && permissions.every((data) => data !== undefined && !isAllowed(data, NEEDED[action]));
    return isForbidden ? `Your role does not include ${NEEDED[action]}. Ask an owner for one that does.` : undefined;
  };
  return {
    start: reason('start'),
    stop: reason('stop'),
    restart: reason('restart'),
    tag: reason('tag'),
    delete: reason('delete'),
  };
}
