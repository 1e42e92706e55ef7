import { useQuery } from '@tanstack/react-query';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { fleetBackupStorageQuery } from '@/lib/queries/backup-storage';
import { backupGiBByServer } from '@/lib/rules/fleet-cost';

/** What the server's backups take; undefined while it is read, and where the cloud does not list it. */
export function useBackupGiB(key: ServerKey): number | undefined {
  const { data } = useQuery(fleetBackupStorageQuery(key.subscriptionId));
  return data && backupGiBByServer(data).get(serverId(key).toLowerCase());
}
