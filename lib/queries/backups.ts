import type {
  BackupVerification,
  ComparedTable,
  DeletedServer,
  RestoreEstimate,
  RestoreProgress,
} from '../arm/local/backup.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import type { ServerBackups } from '../arm/mysql/server-backups.ts';
import { readQuery } from './client.ts';

/** What a server can be restored to. */
export function serverBackupsQuery(key: ServerKey) {
  return readQuery<ServerBackups>(apiPaths.backups(key));
}

/** @param moment the newest when undefined. */
export function restoreEstimateQuery(key: ServerKey, moment: string | undefined) {
  return readQuery<RestoreEstimate>(apiPaths.restoreEstimate(key, { moment }));
}

/** Null for a server that was not restored. */
export function restoreProgressQuery(key: ServerKey) {
  return readQuery<RestoreProgress | null>(apiPaths.restoreProgress(key));
}

/** Test restores, newest first. */
export function backupVerificationsQuery(key: ServerKey) {
  return readQuery<{ name: string; properties: BackupVerification }[]>(apiPaths.backupVerifications(key));
}

/** Tables of a server beside those of one that was restored from it. */
export function compareTablesQuery(key: ServerKey, restored: ServerKey) {
  const { resourceGroup: group, serverName: name } = restored;
  return readQuery<ComparedTable[]>(apiPaths.compareTables(key, { group, name }));
}

/** Servers that were deleted and can still be restored. */
export function deletedServersQuery(subscriptionId: string) {
  return readQuery<DeletedServer[]>(apiPaths.deletedServers(subscriptionId));
}
