import type { Database } from '../arm/mysql/database.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

export function databasesQuery(key: ServerKey) {
  return readQuery<Database[]>(apiPaths.databases(key));
}
