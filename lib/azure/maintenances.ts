import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { Maintenance } from '../arm/mysql/maintenance.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { serverPath } from './servers.ts';

/** What is to be done to a server, and was. @throws {ArmError} */
export function listMaintenances(arm: ArmClient, key: ServerKey): Promise<Maintenance[]> {
  return arm.list(`${serverPath(key)}/maintenances`, MYSQL_API_VERSION, Maintenance);
}

/** @param startTime ISO 8601, within what the maintenance allows. @throws {ArmError} */
export function beginReschedule(arm: ArmClient, key: ServerKey, name: string, startTime: string): Promise<Begun> {
  const path = `${serverPath(key)}/maintenances/${encodeURIComponent(name)}`;
  return arm.begin('PATCH', path, MYSQL_API_VERSION, { properties: { maintenanceStartTime: startTime } });
}
