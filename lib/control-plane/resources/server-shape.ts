import { SERVER_TYPE, serverId } from '../../arm/resource-id.ts';
import { findRegion } from '../../rules/regions.ts';
import { readArchive } from '../backup/catalog.ts';
import { momentText } from '../backup/moment.ts';
import { restorableWindows } from '../backup/restore-plan.ts';
import type { World } from '../operations/world.ts';
import { findPrimary } from '../store/instances.ts';
import type { ServerRow } from '../store/servers.ts';
import { projectServer } from './api-version.ts';
import type { CompleteIntent } from './server-intent.ts';

/** The intent of a row, which only `server-intent.ts` makes. */
export function intentOf(row: ServerRow): CompleteIntent {
  return row.intent as CompleteIntent;
}

export function serverResourceId(row: ServerRow): string {
  return serverId({ subscriptionId: row.subscriptionId, resourceGroup: row.resourceGroup, serverName: row.name });
}

/** Weak comparison is enough: the revision rises with each change. */
export function serverEtag(row: ServerRow): string {
  return `"${row.revision.toString(16).padStart(8, '0')}"`;
}

/** What an operation has to say goes before it. */
const STORAGE_FULL = 'The storage is almost full: the server is read-only until more is free. Scale its storage up.';

/** What knows which MySQL a server runs on. */
type Running = Pick<World, 'database' | 'runtimes' | 'archives'>;

/**
 * A server as ARM answers it, with the members and defaults of recorded answers. `earliestRestoreDate` is absent as
 * long as there are no backups to restore from.
 *
 * @param world the runtimes of this machine: `fullVersion` is that of the one which the server runs on.
 */
export function armServer(row: ServerRow, apiVersion: string, world: Running) {
  const { database, runtimes } = world;
  const earliest = restorableWindows(readArchive(world, row.id))[0]?.from;
  const { tags, sku, systemData, properties } = intentOf(row);
  const runtimeId = findPrimary(database, row.id)?.runtimeId;
  const fullVersion = runtimes.find(({ id }) => id === runtimeId)?.fullVersion;
  const stateReason = row.stateReason ?? (row.storageFull && row.state === 'Ready' ? STORAGE_FULL : null);
  return projectServer(
    {
      sku,
      systemData: systemData ?? { createdAt: new Date(row.createdAt).toISOString() },
      properties: {
        administratorLogin: properties.administratorLogin,
        storage: { ...properties.storage, storageSku: 'Premium_LRS' },
        version: properties.version,
        ...(fullVersion && { fullVersion }),
        state: row.state,
        ...(stateReason && { stateReason }),
        fullyQualifiedDomainName: row.address,
        ...(row.port !== null && { databasePort: row.port }),
        availabilityZone: properties.availabilityZone,
        maintenancePolicy: properties.maintenancePolicy,
        maintenanceWindow: properties.maintenanceWindow,
        replicationRole: properties.replicationRole,
        // As many as Azure allows; none while replicas are not offered here.
        replicaCapacity: 0,
        lowerCaseTableNames: properties.lowerCaseTableNames,
        network: properties.network,
        backup: {
          ...properties.backup,
          ...(earliest !== undefined && { earliestRestoreDate: momentText(earliest) }),
        },
        highAvailability: {
          mode: properties.highAvailability.mode,
          // Both sides rest: it was complete when it stopped, and is again when it starts.
          state: row.haState === 'Resting' ? 'Healthy' : row.haState,
          standbyAvailabilityZone: properties.highAvailability.standbyAvailabilityZone ?? '',
        },
        privateEndpointConnections: [],
      },
      location: findRegion(row.location)?.displayName ?? row.location,
      ...(Object.keys(tags).length > 0 && { tags }),
      id: serverResourceId(row),
      name: row.name,
      type: SERVER_TYPE,
    },
    apiVersion,
  );
}
