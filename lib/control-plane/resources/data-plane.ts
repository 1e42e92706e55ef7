import { ArmError } from '../../arm/error.ts';
import { withConnection } from '../mysql/client.ts';
import { readConfigurations, type MysqlConfiguration } from '../mysql/configurations.ts';
import { findDatabase, listDatabases, type MysqlDatabase } from '../mysql/databases.ts';
import { instancePaths } from '../mysql/instance.ts';
import { serverConfiguration } from '../operations/server-configuration.ts';
import { mysqlInstance, type World } from '../operations/world.ts';
import { actionProblem } from '../../rules/server-actions.ts';
import { readPrimary } from '../store/instances.ts';
import type { ServerRow } from '../store/servers.ts';

/** What only a running server can say. Every function refuses with ARM's words while it cannot. */
export interface DataPlane {
  listDatabases(server: ServerRow): Promise<MysqlDatabase[]>;
  findDatabase(server: ServerRow, name: string): Promise<MysqlDatabase | undefined>;
  readConfigurations(server: ServerRow): Promise<MysqlConfiguration[]>;
}

/** Asks the server's primary over its socket. */
export function createDataPlane(world: World): DataPlane {
  async function ask<T>(server: ServerRow, work: Parameters<typeof withConnection<T>>[1]): Promise<T> {
    requireRunning(server);
    const instance = mysqlInstance(world, readPrimary(world.database, server.id));
    return withConnection(instancePaths(instance).socket, work);
  }
  return {
    listDatabases: (server) => ask(server, listDatabases),
    findDatabase: (server, name) => ask(server, (connection) => findDatabase(connection, name)),
    readConfigurations: (server) =>
      ask(server, (connection) => readConfigurations(connection, serverConfiguration(world, server))),
  };
}

/** @throws {ArmError} ServerNotReady 409 with what would make it so. */
function requireRunning(server: ServerRow): void {
  if (server.state === 'Updating') return;
  const problem = actionProblem('databases', server.state);
  if (problem) throw new ArmError('ServerNotReady', 409, problem);
}
