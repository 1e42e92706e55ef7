import { MYSQL_API_VERSION } from '../arm/api-versions.ts';
import { Database } from '../arm/mysql/database.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import type { ArmClient, Begun } from './client.ts';
import { serverPath } from './servers.ts';

const databasePath = (key: ServerKey, name: string) => `${serverPath(key)}/databases/${encodeURIComponent(name)}`;

/** Every database of a server, MySQL's own among them where ARM lists those. @throws {ArmError} */
export function listDatabases(arm: ArmClient, key: ServerKey): Promise<Database[]> {
  return arm.list(`${serverPath(key)}/databases`, MYSQL_API_VERSION, Database);
}

/** Makes a database; without character set and collation it gets the server's. @throws {ArmError} */
export function beginPutDatabase(
  arm: ArmClient,
  key: ServerKey,
  database: { name: string; charset?: string; collation?: string },
): Promise<Begun> {
  const { name, charset, collation } = database;
  return arm.begin('PUT', databasePath(key, name), MYSQL_API_VERSION, { properties: { charset, collation } });
}

/** Drops the database with all that is in it. @throws {ArmError} */
export function beginDeleteDatabase(arm: ArmClient, key: ServerKey, name: string): Promise<Begun> {
  return arm.begin('DELETE', databasePath(key, name), MYSQL_API_VERSION);
}
