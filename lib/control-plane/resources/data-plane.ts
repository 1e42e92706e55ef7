import { ArmError } from '../../arm/error.ts';
import { withConnection, type Connection } from '../mysql/client.ts';
import { readConfigurations, type MysqlConfiguration } from '../mysql/configurations.ts';
import { findDatabase, listDatabases, type MysqlDatabase } from '../mysql/databases.ts';
import { ensureExplainAccount, EXPLAIN_ACCOUNT, explainStatement } from '../mysql/explain.ts';
import { instancePaths } from '../mysql/instance.ts';
import { serverConfiguration } from '../operations/server-configuration.ts';
import { mysqlInstance, type World } from '../operations/world.ts';
import { actionProblem } from '../../rules/server-actions.ts';
import { findPrimary } from '../store/instances.ts';
import type { ServerRow } from '../store/servers.ts';

/** What only a running server can say. Every function refuses with ARM's words while it cannot. */
export interface DataPlane {
  /** Work with a connection of the daemon's to the primary. */
  ask<T>(server: ServerRow, work: (connection: Connection) => Promise<T>): Promise<T>;
  /** How its MySQL would run a statement that somebody else wrote. */
  explain(server: ServerRow, what: { statement: string; schema: string }): Promise<string>;
  listDatabases(server: ServerRow): Promise<MysqlDatabase[]>;
  findDatabase(server: ServerRow, name: string): Promise<MysqlDatabase | undefined>;
  readConfigurations(server: ServerRow): Promise<MysqlConfiguration[]>;
}

/** Asks the server's primary over its socket. */
export function createDataPlane(world: World): DataPlane {
  async function ask<T>(server: ServerRow, work: Parameters<typeof withConnection<T>>[1]): Promise<T> {
    requireRunning(server);
    const primary = findPrimary(world.database, server.id);
    if (!primary) throw notAnswering(server);
    try {
      return await withConnection(instancePaths(mysqlInstance(world, primary)).socket, work);
    } catch (failure) {
      if (isConnectionFailure(failure)) throw notAnswering(server, failure);
      throw failure;
    }
  }
  return {
    ask,
    explain: (server, what) =>
      ask(server, async (connection) => {
        await ensureExplainAccount(connection);
        const { socket } = instancePaths(mysqlInstance(world, findPrimary(world.database, server.id)!));
        return withConnection(
          socket,
          (explaining) =>
            explainStatement(explaining, what, async (id) => {
              await connection.query(`KILL CONNECTION ${id}`);
            }),
          { user: EXPLAIN_ACCOUNT },
        );
      }),
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

/** It is being made or restarted, or its process has just died: a moment later it answers, or its state says why not. */
function notAnswering({ name }: ServerRow, cause?: unknown): ArmError {
  return new ArmError('ServerNotReady', 409, `The server '${name}' does not answer right now. Try again in a moment.`, {
    cause,
  });
}

/** Of the socket, or of a server that is going down; what MySQL says of a statement is none. */
const CONNECTION_FAILURES = [
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'ER_SERVER_SHUTDOWN',
];

function isConnectionFailure(failure: unknown): boolean {
  return CONNECTION_FAILURES.includes(String((failure as { code?: unknown }).code));
}
