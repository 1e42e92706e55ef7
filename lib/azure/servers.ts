import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import { Limits } from '../arm/local/limits.ts';
import { Server, type ServerForCreate } from '../arm/mysql/server.ts';
import { serverId, SERVER_TYPE, type ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';

/** ARM's path of a server, with each name escaped. */
export function serverPath(key: ServerKey): string {
  return serverId({
    subscriptionId: encodeURIComponent(key.subscriptionId),
    resourceGroup: encodeURIComponent(key.resourceGroup),
    serverName: encodeURIComponent(key.serverName),
  });
}

export function getServer(arm: ArmClient, key: ServerKey): Promise<Server> {
  return arm.get(serverPath(key), MYSQL_API_VERSION, Server);
}

/** What this machine holds it to; the local control plane only. @throws {ArmError} */
export function readLimits(arm: ArmClient, key: ServerKey): Promise<Limits> {
  return arm.get(`${serverPath(key)}/providers/${FLEXDECK_LOCAL}/limits/default`, FLEXDECK_LOCAL_VERSION, Limits);
}

/** Every server of a subscription, all pages. */
export function listServers(arm: ArmClient, subscriptionId: string): Promise<Server[]> {
  const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/${SERVER_TYPE}`;
  return arm.list(path, MYSQL_API_VERSION, Server);
}

/** Creates a server, or sends the whole of an existing one anew: answers as soon as ARM has accepted it. */
export function beginPutServer(arm: ArmClient, key: ServerKey, body: ServerForCreate): Promise<Begun> {
  return arm.begin('PUT', serverPath(key), MYSQL_API_VERSION, body);
}
