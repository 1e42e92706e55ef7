import { LOCKS_API_VERSION } from '../arm/api-versions.ts';
import { Lock, type LockForPut } from '../arm/resources/lock.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { serverPath } from './servers.ts';

const locksPath = (key: ServerKey) => `${serverPath(key)}/providers/Microsoft.Authorization/locks`;
const lockPath = (key: ServerKey, name: string) => `${locksPath(key)}/${encodeURIComponent(name)}`;

/** The locks that hold for a server: its own, and those of its group and subscription. @throws {ArmError} */
export function listLocks(arm: ArmClient, key: ServerKey): Promise<Lock[]> {
  return arm.list(`${locksPath(key)}?$filter=${encodeURIComponent('atScope()')}`, LOCKS_API_VERSION, Lock);
}

/** Puts a lock on the server itself; ARM does it at once. @throws {ArmError} */
export function putLock(arm: ArmClient, key: ServerKey, { name, level, notes }: LockForPut): Promise<Begun> {
  const properties = { level, ...(notes !== '' && { notes }) };
  return arm.begin('PUT', lockPath(key, name), LOCKS_API_VERSION, { properties });
}

/** Takes one of the server's own locks away. @throws {ArmError} */
export function deleteLock(arm: ArmClient, key: ServerKey, name: string): Promise<Begun> {
  return arm.begin('DELETE', lockPath(key, name), LOCKS_API_VERSION);
}
