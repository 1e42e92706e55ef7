import type { AutoStart, ScheduleResource } from '../arm/local/schedule.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

export function schedulesQuery(key: ServerKey) {
  return readQuery<ScheduleResource[]>(apiPaths.schedules(key));
}

export function autoStartQuery(key: ServerKey) {
  return readQuery<AutoStart>(apiPaths.autoStart(key));
}

/** Of all servers of a subscription. */
export function fleetSchedulesQuery(subscriptionId: string) {
  return { ...readQuery<ScheduleResource[]>(apiPaths.fleetSchedules(subscriptionId)), refetchInterval: 60_000 };
}
