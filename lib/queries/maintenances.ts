import type { MysqlBuild } from '../arm/local/build.ts';
import type { FleetMaintenances, Maintenance } from '../arm/mysql/maintenance.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

export function maintenancesQuery(key: ServerKey) {
  return readQuery<Maintenance[]>(apiPaths.maintenances(key));
}

export function buildsQuery(key: ServerKey) {
  return readQuery<MysqlBuild[]>(apiPaths.builds(key));
}

/** ARM allows so many reads an hour, and each server is one. */
const FLEET_MS = 15 * 60_000;

/** What is ahead for all servers of a subscription. */
export function fleetMaintenancesQuery(subscriptionId: string) {
  return {
    ...readQuery<FleetMaintenances>(apiPaths.fleetMaintenances(subscriptionId)),
    staleTime: FLEET_MS / 5,
    refetchInterval: FLEET_MS,
  };
}
