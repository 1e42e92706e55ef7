import type { Maintenance } from '../arm/mysql/maintenance.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

export function maintenancesQuery(key: ServerKey) {
  return readQuery<Maintenance[]>(apiPaths.maintenances(key));
}
