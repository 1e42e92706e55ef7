import type { BackupStorage } from '../arm/local/backup-storage.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** What the backups of each server of a subscription take; none where the cloud does not list it. */
export function fleetBackupStorageQuery(subscriptionId: string) {
  return {
    ...readQuery<BackupStorage[]>(apiPaths.fleetBackupStorage(subscriptionId)),
    staleTime: 60_000,
    refetchInterval: 5 * 60_000,
  };
}
