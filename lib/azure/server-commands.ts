import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import type { ServerForUpdate } from '../arm/mysql/server.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { serverPath } from './servers.ts';

/** @throws {ArmError} */
export function beginStartServer(arm: ArmClient, key: ServerKey): Promise<Begun> {
  return arm.begin('POST', `${serverPath(key)}/start`, MYSQL_API_VERSION);
}

/** @throws {ArmError} */
export function beginStopServer(arm: ArmClient, key: ServerKey): Promise<Begun> {
  return arm.begin('POST', `${serverPath(key)}/stop`, MYSQL_API_VERSION);
}

/** Restarts in place, without a failover. @throws {ArmError} */
export function beginRestartServer(arm: ArmClient, key: ServerKey): Promise<Begun> {
  const body = { restartWithFailover: 'Disabled', maxFailoverSeconds: 0 };
  return arm.begin('POST', `${serverPath(key)}/restart`, MYSQL_API_VERSION, body);
}

/** The standby takes over: a planned failover. @throws {ArmError} */
export function beginFailoverServer(arm: ArmClient, key: ServerKey): Promise<Begun> {
  return arm.begin('POST', `${serverPath(key)}/failover`, MYSQL_API_VERSION);
}

/** The standby takes over at once. @param maxSeconds the most that writes may wait; 0: as long as it takes. @throws {ArmError} */
export function beginForcedFailover(arm: ArmClient, key: ServerKey, maxSeconds: number): Promise<Begun> {
  const body = { restartWithFailover: 'Enabled', maxFailoverSeconds: maxSeconds };
  return arm.begin('POST', `${serverPath(key)}/restart`, MYSQL_API_VERSION, body);
}

/** @throws {ArmError} */
export function beginDeleteServer(arm: ArmClient, key: ServerKey): Promise<Begun> {
  return arm.begin('DELETE', serverPath(key), MYSQL_API_VERSION);
}

/** PATCH: what `change` does not name stays as it is. @throws {ArmError} */
export function beginUpdateServer(arm: ArmClient, key: ServerKey, change: ServerForUpdate): Promise<Begun> {
  return arm.begin('PATCH', serverPath(key), MYSQL_API_VERSION, change);
}
