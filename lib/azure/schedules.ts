import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import { AutoStart, ScheduleResource, type ScheduleForPut } from '../arm/local/schedule.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { hasFlexdeckLocal } from './flexdeck-local.ts';
import { serverPath } from './servers.ts';

const below = (key: ServerKey, path: string) => `${serverPath(key)}/providers/${FLEXDECK_LOCAL}/${path}`;
const schedulePath = (key: ServerKey, name: string) => below(key, `schedules/${encodeURIComponent(name)}`);

/** @throws {ArmError} */
export function listSchedules(arm: ArmClient, key: ServerKey): Promise<ScheduleResource[]> {
  return arm.list(below(key, 'schedules'), FLEXDECK_LOCAL_VERSION, ScheduleResource);
}

/** Of all servers of a subscription; none where the cloud has no schedules. @throws {ArmError} */
export async function listFleetSchedules(arm: ArmClient, subscriptionId: string): Promise<ScheduleResource[]> {
  if (!(await hasFlexdeckLocal(arm, subscriptionId))) return [];
  const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/${FLEXDECK_LOCAL}/schedules`;
  return arm.list(path, FLEXDECK_LOCAL_VERSION, ScheduleResource);
}

/** ARM does it at once. @throws {ArmError} */
export function putSchedule(arm: ArmClient, key: ServerKey, name: string, properties: ScheduleForPut): Promise<Begun> {
  return arm.begin('PUT', schedulePath(key, name), FLEXDECK_LOCAL_VERSION, { properties });
}

/** @throws {ArmError} */
export function deleteSchedule(arm: ArmClient, key: ServerKey, name: string): Promise<Begun> {
  return arm.begin('DELETE', schedulePath(key, name), FLEXDECK_LOCAL_VERSION);
}

/** @throws {ArmError} */
export function readAutoStart(arm: ArmClient, key: ServerKey): Promise<AutoStart> {
  return arm.get(below(key, 'autoStart/default'), FLEXDECK_LOCAL_VERSION, AutoStart);
}

/** ARM does it at once. @throws {ArmError} */
export function putAutoStart(arm: ArmClient, key: ServerKey, afterDays: number): Promise<Begun> {
  return arm.begin('PUT', below(key, 'autoStart/default'), FLEXDECK_LOCAL_VERSION, { properties: { afterDays } });
}
