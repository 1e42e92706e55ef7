import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { sumBackupBytes } from '../store/full-backups.ts';
import { listServers } from '../store/servers.ts';
import { page } from './paging.ts';
import { readable, requireSubscription, type Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { serverResourceId } from './server-shape.ts';

/** What the backups of each server of a subscription take: for estimates of many at once. */
export function backupStorageRoutes(resources: Resources): ArmRoute[] {
  const { database } = resources.control.world;
  return [
    {
      method: 'GET',
      path: `/subscriptions/{subscriptionId}/providers/${FLEXDECK_LOCAL}/backupStorage`,
      operationId: 'BackupStorage_ListBySubscription',
      action: null,
      apiVersions: [FLEXDECK_LOCAL_VERSION],
      handle: (request) => {
        const { id: subscriptionId } = requireSubscription(resources, request);
        const servers = listServers(database, { subscriptionId });
        const visible = readable(resources, request, `${SERVER_TYPE}/read`, serverResourceId, servers);
        const shown = visible.map((server) => ({
          id: `${serverResourceId(server)}/providers/${FLEXDECK_LOCAL}/backupStorage/default`,
          name: 'default',
          type: `${FLEXDECK_LOCAL}/backupStorage`,
          properties: { usedBytes: sumBackupBytes(database, server.id) },
        }));
        return { status: 200, body: page(request, shown) };
      },
    },
  ];
}
