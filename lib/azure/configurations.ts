import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { Configuration, type ConfigurationForUpdate } from '../arm/mysql/configuration.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { serverPath } from './servers.ts';

/** Every server parameter, read-only ones among them. @throws {ArmError} */
export function listConfigurations(arm: ArmClient, key: ServerKey): Promise<Configuration[]> {
  return arm.list(`${serverPath(key)}/configurations`, MYSQL_API_VERSION, Configuration);
}

/** Changes many parameters in one operation: all of them, or none. @throws {ArmError} */
export function beginUpdateConfigurations(
  arm: ArmClient,
  key: ServerKey,
  value: readonly ConfigurationForUpdate[],
): Promise<Begun> {
  const body = { value, resetAllToDefault: 'False' };
  return arm.begin('POST', `${serverPath(key)}/updateConfigurations`, MYSQL_API_VERSION, body);
}
