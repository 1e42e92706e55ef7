import * as z from 'zod';
import { DELETE_BACKUP_API_VERSION, MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { ArmError } from '../arm/error.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import {
  BackupTimeline,
  BackupVerification,
  ComparedTable,
  DeletedServer,
  RestoreEstimate,
  RestoreProgress,
  type RecoverTablesRequest,
} from '../arm/local/backup.ts';
import { BackupStorage } from '../arm/local/backup-storage.ts';
import type { ServerForCreate } from '../arm/mysql/server.ts';
import type { ServerBackups } from '../arm/mysql/server-backups.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { hasFlexdeckLocal } from './flexdeck-local.ts';
import { timelineOfBackups } from './server-backups.ts';
import { beginPutServer, getServer, serverPath } from './servers.ts';

const localPath = (key: ServerKey, rest: string) => `${serverPath(key)}/providers/${FLEXDECK_LOCAL}/${rest}`;
const backupPath = (key: ServerKey, name: string) => `${serverPath(key)}/backupsV2/${encodeURIComponent(name)}`;

const Backup = z.looseObject({
  name: z.string(),
  properties: z
    .looseObject({
      backupType: z.string().nullish(),
      completedTime: z.string().nullish(),
      source: z.string().nullish(),
    })
    .nullish(),
});

/**
 * What a server can be restored to. Where the cloud tells no timeline, what its list of backups and its earliest restore
 * date say, and `detailed` is false. @throws {ArmError}
 */
export async function readServerBackups(arm: ArmClient, key: ServerKey): Promise<ServerBackups> {
  if (await hasFlexdeckLocal(arm, key.subscriptionId)) {
    const timeline = await arm.get(localPath(key, 'backupTimeline'), FLEXDECK_LOCAL_VERSION, BackupTimeline);
    const { fullBackups } = timeline.properties;
    const newestFirst = fullBackups.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
    return { ...timeline.properties, fullBackups: newestFirst, detailed: true };
  }
  const [server, backups] = await Promise.all([
    getServer(arm, key),
    arm.list(`${serverPath(key)}/backups`, MYSQL_API_VERSION, Backup),
  ]);
  return timelineOfBackups(server, backups, Date.now());
}

/** @param restorePointInTime the newest moment when undefined. @throws {ArmError} also for a moment that is not restorable. */
export function readRestoreEstimate(
  arm: ArmClient,
  key: ServerKey,
  restorePointInTime: string | undefined,
): Promise<RestoreEstimate> {
  const body = restorePointInTime === undefined ? {} : { restorePointInTime };
  return arm.post(localPath(key, 'restoreEstimate'), FLEXDECK_LOCAL_VERSION, body, RestoreEstimate);
}

/** How far the making of a restored server is, or how it went; null for a server that was not restored. @throws {ArmError} */
export async function readRestoreProgress(arm: ArmClient, key: ServerKey): Promise<RestoreProgress | null> {
  try {
    return await arm.get(localPath(key, 'restoreProgress'), FLEXDECK_LOCAL_VERSION, RestoreProgress);
  } catch (failure) {
    if (failure instanceof ArmError && failure.status === 404) return null;
    throw failure;
  }
}

const Verification = z.looseObject({ name: z.string(), properties: BackupVerification });

/** Test restores, newest first. @throws {ArmError} */
export function listBackupVerifications(arm: ArmClient, key: ServerKey) {
  return arm.list(localPath(key, 'backupVerifications'), FLEXDECK_LOCAL_VERSION, Verification);
}

/** Tables of a server beside those of one that was restored from it. @throws {ArmError} */
export async function compareTables(arm: ArmClient, key: ServerKey, restored: ServerKey): Promise<ComparedTable[]> {
  const { value } = await arm.post(
    localPath(key, 'compareTables'),
    FLEXDECK_LOCAL_VERSION,
    { restoredServerResourceId: serverId(restored) },
    z.looseObject({ value: z.array(ComparedTable) }),
  );
  return value;
}

/** What the backups of each server of a subscription take; none where the cloud does not list it. @throws {ArmError} */
export async function listBackupStorage(arm: ArmClient, subscriptionId: string): Promise<BackupStorage[]> {
  if (!(await hasFlexdeckLocal(arm, subscriptionId))) return [];
  const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/${FLEXDECK_LOCAL}/backupStorage`;
  return arm.list(path, FLEXDECK_LOCAL_VERSION, BackupStorage);
}

/** Servers that were deleted and can still be restored. @throws {ArmError} */
export function listDeletedServers(arm: ArmClient, subscriptionId: string): Promise<DeletedServer[]> {
  const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/${FLEXDECK_LOCAL}/deletedServers`;
  return arm.list(path, FLEXDECK_LOCAL_VERSION, DeletedServer);
}

/** Takes a full backup. @throws {ArmError} */
export function beginBackUp(arm: ArmClient, key: ServerKey, name: string): Promise<Begun> {
  return arm.begin('PUT', backupPath(key, name), MYSQL_API_VERSION, {});
}

/** Deletes a full backup that a person took. @throws {ArmError} */
export function beginDeleteBackup(arm: ArmClient, key: ServerKey, name: string): Promise<Begun> {
  return arm.begin('DELETE', backupPath(key, name), DELETE_BACKUP_API_VERSION);
}

/** Makes a new server from the backups of another. @throws {ArmError} */
export function beginRestoreServer(arm: ArmClient, key: ServerKey, body: ServerForCreate): Promise<Begun> {
  return beginPutServer(arm, key, body);
}

/** Breaks off the making of a restored server; nothing of it is left. @throws {ArmError} */
export function beginCancelRestore(arm: ArmClient, key: ServerKey): Promise<Begun> {
  return arm.begin('POST', localPath(key, 'cancelRestore'), FLEXDECK_LOCAL_VERSION);
}

/** Restores the newest backup to a throw-away server and checks it. @throws {ArmError} */
export function beginVerifyBackup(arm: ArmClient, key: ServerKey): Promise<Begun> {
  return arm.begin('POST', localPath(key, 'verifyBackup'), FLEXDECK_LOCAL_VERSION);
}

/** Copies tables of a restored server to the one it was restored from. @throws {ArmError} */
export function beginRecoverTables(arm: ArmClient, key: ServerKey, request: RecoverTablesRequest): Promise<Begun> {
  return arm.begin('POST', localPath(key, 'recoverTables'), FLEXDECK_LOCAL_VERSION, request);
}
