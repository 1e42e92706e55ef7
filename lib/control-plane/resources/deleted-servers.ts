import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { DeletedServer } from '../../arm/local/backup.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { readArchive } from '../backup/catalog.ts';
import { momentTextOrNull } from '../backup/moment.ts';
import { restorableWindows } from '../backup/restore-plan.ts';
import { DELETED_SERVER_MS } from '../backup/retention.ts';
import { listBackedUpServers, type ServerRow } from '../store/servers.ts';
import { page } from './paging.ts';
import { readable, requireSubscription, type Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { intentOf, serverResourceId } from './server-shape.ts';

/** Servers that are gone and can still be restored. */
export function deletedServerRoutes(resources: Resources): ArmRoute[] {
  return [
    {
      method: 'GET',
      path: `/subscriptions/{subscriptionId}/providers/${FLEXDECK_LOCAL}/deletedServers`,
      operationId: 'DeletedServers_List',
      action: null,
      apiVersions: [FLEXDECK_LOCAL_VERSION],
      handle: (request) => {
        const { id } = requireSubscription(resources, request);
        const servers = deletedServers(resources, id);
        const visible = readable(resources, request, `${SERVER_TYPE}/read`, serverResourceId, servers);
        const shown = visible.map((server) => armDeletedServer(resources, server));
        return { status: 200, body: page(request, shown) };
      },
    },
  ];
}

function deletedServers({ control }: Resources, subscriptionId: string): ServerRow[] {
  const { database, clock } = control.world;
  const since = clock.now() - DELETED_SERVER_MS;
  return listBackedUpServers(database).filter(
    (server) =>
      server.subscriptionId.toLowerCase() === subscriptionId.toLowerCase() &&
      server.deletedAt !== null &&
      server.deletedAt >= since &&
      restorableWindows(readArchive(control.world, server.id)).length > 0,
  );
}

function geoRestorable({ control }: Pick<Resources, 'control'>, server: ServerRow): boolean {
  if (intentOf(server).properties.backup.geoRedundantBackup !== 'Enabled') return false;
  return restorableWindows(readArchive(control.world, server.id, { geo: true })).length > 0;
}

function armDeletedServer({ control }: Resources, server: ServerRow): DeletedServer {
  const windows = restorableWindows(readArchive(control.world, server.id));
  const { sku, properties } = intentOf(server);
  return {
    id: serverResourceId(server),
    name: server.name,
    location: server.location,
    properties: {
      serverId: server.id,
      deletedAt: new Date(server.deletedAt!).toISOString(),
      restorableUntil: new Date(server.deletedAt! + DELETED_SERVER_MS).toISOString(),
      earliestRestorePoint: momentTextOrNull(windows[0]?.from),
      newestRestorePoint: momentTextOrNull(windows.at(-1)?.to),
      sku,
      version: properties.version,
      storageSizeGB: properties.storage.storageSizeGB,
      backupRetentionDays: properties.backup.backupRetentionDays,
      geoRestorable: geoRestorable({ control }, server),
    },
  };
}
