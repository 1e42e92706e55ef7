import type { Limits } from '../arm/local/limits.ts';
import type { Server } from '../arm/mysql/server.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** Every server of a subscription. */
export function serversQuery(subscriptionId: string) {
  return readQuery<Server[]>(apiPaths.servers(subscriptionId));
}

export function serverQuery(key: ServerKey) {
  return readQuery<Server>(apiPaths.server(key));
}

/** What the service's machine holds a server to of its size. */
export function limitsQuery(key: ServerKey) {
  return readQuery<Limits>(apiPaths.limits(key));
}
