import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import { MysqlBuild } from '../arm/local/build.ts';
import { Maintenance, type FleetMaintenances } from '../arm/mysql/maintenance.ts';
import { serverKeyOf, type ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { listServers, serverPath } from './servers.ts';

/** What is to be done to a server, and was. @throws {ArmError} */
export function listMaintenances(arm: ArmClient, key: ServerKey): Promise<Maintenance[]> {
  return arm.list(`${serverPath(key)}/maintenances`, MYSQL_API_VERSION, Maintenance);
}

/** @param startTime ISO 8601, within what the maintenance allows. @throws {ArmError} */
export function beginReschedule(arm: ArmClient, key: ServerKey, name: string, startTime: string): Promise<Begun> {
  const path = `${serverPath(key)}/maintenances/${encodeURIComponent(name)}`;
  return arm.begin('PATCH', path, MYSQL_API_VERSION, { properties: { maintenanceStartTime: startTime } });
}

/** Builds of MySQL on the service's machine. @throws {ArmError} */
export function listBuilds(arm: ArmClient, key: ServerKey): Promise<MysqlBuild[]> {
  return arm.list(`${serverPath(key)}/providers/${FLEXDECK_LOCAL}/builds`, FLEXDECK_LOCAL_VERSION, MysqlBuild);
}

/** ARM lists maintenances of one server alone: so many are asked, and others are counted. */
const MOST_SERVERS = 200;
const AT_A_TIME = 8;

/** What is ahead for the servers of a subscription. One that cannot be read hides no other. @throws {ArmError} */
export async function listFleetMaintenances(arm: ArmClient, subscriptionId: string): Promise<FleetMaintenances> {
  const keys = (await listServers(arm, subscriptionId)).flatMap(({ id }) => serverKeyOf(id) ?? []);
  const asked = keys.slice(0, MOST_SERVERS);
  const items: FleetMaintenances['items'] = [];
  let unread = keys.length - asked.length;
  const next = asked.values();
  const reader = async () => {
    for (const server of next) {
      try {
        for (const { name, properties } of await listMaintenances(arm, server)) {
          const { maintenanceState: state, maintenanceStartTime: startTime, maintenanceTitle: title } = properties;
          if (state === 'Completed' || state === 'Canceled' || !startTime) continue;
          items.push({ server, name, state: state ?? 'Scheduled', startTime, title: title ?? name });
        }
      } catch {
        unread += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, reader));
  return { items, unread };
}
