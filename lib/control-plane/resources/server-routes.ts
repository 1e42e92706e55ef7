import type { ServerRow } from '../store/servers.ts';
import { requireServer, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';

/** One route on what belongs to a server; `permission` is what follows the prefix: `read`, `kill/action`. */
export type ServerRoute = (
  method: ArmRoute['method'],
  path: string,
  operationId: string,
  permission: string,
  handle: (request: ArmRequest, server: ServerRow) => ArmResponse | Promise<ArmResponse>,
) => ArmRoute;

/**
 * Makes routes whose handlers are handed the server in the path, and are not called where there is none.
 *
 * @param permissionPrefix what every permission of these routes begins with: the resource type, or its provider.
 */
export function serverRoute(
  resources: Resources,
  permissionPrefix: string,
  apiVersions: readonly string[],
): ServerRoute {
  return (method, path, operationId, permission, handle) => ({
    method,
    path,
    operationId,
    action: `${permissionPrefix}/${permission}`,
    apiVersions,
    handle: async (request) => handle(request, requireServer(resources, request)),
  });
}
