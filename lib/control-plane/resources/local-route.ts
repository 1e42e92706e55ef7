import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { Resources } from './resources.ts';
import type { ServerRow } from '../store/servers.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { serverRoute } from './server-routes.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

/**
 * A route under a server for what Azure has no API for: `…/providers/Flexdeck.Local/<name>`.
 *
 * @param route.permission below the provider: `backupTimeline/read`.
 */
export function localRoute(
  resources: Resources,
  {
    method,
    name,
    operationId,
    permission,
  }: Pick<ArmRoute, 'method' | 'operationId'> & { name: string; permission: string },
  handle: (request: ArmRequest, server: ServerRow) => ArmResponse | Promise<ArmResponse>,
): ArmRoute {
  const path = `${ONE_SERVER}/providers/${FLEXDECK_LOCAL}/${name}`;
  return serverRoute(resources, FLEXDECK_LOCAL, [FLEXDECK_LOCAL_VERSION])(
    method,
    path,
    operationId,
    permission,
    handle,
  );
}

/** Id, name and type of what a server has one of. */
export function localShell(server: ServerRow, type: string) {
  return {
    id: `${serverResourceId(server)}/providers/${FLEXDECK_LOCAL}/${type}`,
    name: 'default',
    type: `${FLEXDECK_LOCAL}/${type}`,
  };
}
