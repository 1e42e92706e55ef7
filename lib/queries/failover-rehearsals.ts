import type { FailoverRehearsal } from '../arm/local/failover-rehearsal.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** Newest first, without samples. */
export function failoverRehearsalsQuery(key: ServerKey) {
  return readQuery<FailoverRehearsal[]>(apiPaths.failoverRehearsals(key));
}

/** One with its samples. */
export function failoverRehearsalQuery(key: ServerKey, name: string) {
  return readQuery<FailoverRehearsal>(apiPaths.failoverRehearsal(key, name));
}
