import type { ActivityEvent } from '../arm/insights/activity-log.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** @param hours how far back to look from the moment of asking. */
export function activityLogQuery(key: ServerKey, hours: number) {
  return readQuery<ActivityEvent[]>(apiPaths.activityLog(key, { hours }));
}
