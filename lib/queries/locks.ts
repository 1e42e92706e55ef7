import type { Lock } from '../arm/resources/lock.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

export function locksQuery(key: ServerKey) {
  return readQuery<Lock[]>(apiPaths.locks(key));
}
