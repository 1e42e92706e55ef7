'use server';

import type { ServerKey } from '@/lib/arm/resource-id';
import type { LockForPut } from '@/lib/arm/resources/lock';
import { armAction } from '@/lib/azure/action';
import { deleteLock, putLock } from '@/lib/azure/locks';

/** Puts a lock on a server. */
export async function lockServer(token: string, key: ServerKey, lock: LockForPut) {
  return armAction(token, (arm) => putLock(arm, key, lock));
}

/** Takes one of a server's own locks away. */
export async function unlockServer(token: string, key: ServerKey, name: string) {
  return armAction(token, (arm) => deleteLock(arm, key, name));
}
