'use server';

import type { RecoverTablesRequest } from '@/lib/arm/local/backup';
import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import {
  beginBackUp,
  beginCancelRestore,
  beginDeleteBackup,
  beginRecoverTables,
  beginRestoreServer,
  beginVerifyBackup,
} from '@/lib/azure/backups';
import { beginUpdateServer } from '@/lib/azure/server-commands';
import { restoreBody, type BackupSettingsChoice, type RestoreChoice } from '@/lib/rules/backup-changes';

export async function backUpServer(token: string, key: ServerKey, name: string) {
  return armAction(token, (arm) => beginBackUp(arm, key, name));
}

export async function deleteBackup(token: string, key: ServerKey, name: string) {
  return armAction(token, (arm) => beginDeleteBackup(arm, key, name));
}

export async function changeBackupSettings(token: string, key: ServerKey, backup: Partial<BackupSettingsChoice>) {
  return armAction(token, (arm) => beginUpdateServer(arm, key, { properties: { backup } }));
}

export async function verifyBackup(token: string, key: ServerKey) {
  return armAction(token, (arm) => beginVerifyBackup(arm, key));
}

/** @param key the new server's. */
export async function restoreServer(token: string, key: ServerKey, choice: RestoreChoice) {
  return armAction(token, (arm) => beginRestoreServer(arm, key, restoreBody(choice)));
}

/** @param key the new server's. */
export async function cancelRestore(token: string, key: ServerKey) {
  return armAction(token, (arm) => beginCancelRestore(arm, key));
}

export async function recoverTables(token: string, key: ServerKey, request: RecoverTablesRequest) {
  return armAction(token, (arm) => beginRecoverTables(arm, key, request));
}
