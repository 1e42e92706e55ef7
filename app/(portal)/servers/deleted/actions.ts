'use server';

import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { beginRestoreServer } from '@/lib/azure/backups';
import { restoreBody, type RestoreChoice } from '@/lib/rules/backup-changes';

/** @param key the new server's. */
export async function restoreDeletedServer(token: string, key: ServerKey, choice: RestoreChoice) {
  return armAction(token, (arm) => beginRestoreServer(arm, key, restoreBody(choice)));
}
