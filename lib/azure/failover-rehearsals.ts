import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../arm/flexdeck-local.ts';
import { FailoverRehearsal, type RehearsalKind } from '../arm/local/failover-rehearsal.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { serverPath } from './servers.ts';

const listPath = (key: ServerKey) => `${serverPath(key)}/providers/${FLEXDECK_LOCAL}/failoverRehearsals`;
const onePath = (key: ServerKey, name: string) => `${listPath(key)}/${encodeURIComponent(name)}`;

/** Newest first, without samples. @throws {ArmError} */
export function listFailoverRehearsals(arm: ArmClient, key: ServerKey): Promise<FailoverRehearsal[]> {
  return arm.list(listPath(key), FLEXDECK_LOCAL_VERSION, FailoverRehearsal);
}

/** One with its samples. @throws {ArmError} */
export function readFailoverRehearsal(arm: ArmClient, key: ServerKey, name: string): Promise<FailoverRehearsal> {
  return arm.get(onePath(key, name), FLEXDECK_LOCAL_VERSION, FailoverRehearsal);
}

/** Clients of the server feel it. @throws {ArmError} */
export function beginRehearseFailover(
  arm: ArmClient,
  key: ServerKey,
  { name, ...properties }: { name: string; kind: RehearsalKind; writers: number },
): Promise<Begun> {
  return arm.begin('PUT', onePath(key, name), FLEXDECK_LOCAL_VERSION, { properties });
}

/** @throws {ArmError} */
export function deleteFailoverRehearsal(arm: ArmClient, key: ServerKey, name: string): Promise<Begun> {
  return arm.begin('DELETE', onePath(key, name), FLEXDECK_LOCAL_VERSION);
}
