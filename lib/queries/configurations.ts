import type { Configuration } from '../arm/mysql/configuration.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

export function configurationsQuery(key: ServerKey) {
  return readQuery<Configuration[]>(apiPaths.configurations(key));
}
