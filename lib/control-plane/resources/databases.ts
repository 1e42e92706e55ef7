import { isAtLeast, MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { ArmError } from '../../arm/error.ts';
import { DatabaseForPut } from '../../arm/mysql/database.ts';
import { SERVER_TYPE } from '../../arm/resource-id.ts';
import { databaseNameProblem, isSystemDatabase } from '../../rules/names.ts';
import type { MysqlDatabase } from '../mysql/databases.ts';
import { beginDeleteDatabase, beginPutDatabase } from '../operations/begin.ts';
import type { ServerRow } from '../store/servers.ts';
import { accepted } from './accepted.ts';
import { page } from './paging.ts';
import { parseBody } from './parse-body.ts';
import { childNotFound, invalidParameter } from './refusals.ts';
import { callerOf, type Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { serverRoute } from './server-routes.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const TYPE = `${SERVER_TYPE}/databases`;
const LIST = `${ONE_SERVER}/databases`;
const ONE = `${LIST}/{databaseName}`;

/** MySQL's databases. The server itself is asked; nothing is kept beside it that could differ. */
export function databaseRoutes(resources: Resources): ArmRoute[] {
  const { control, dataPlane } = resources;
  const route = serverRoute(resources, TYPE, MYSQL_API_VERSIONS);

  return [
    route('GET', LIST, 'Databases_ListByServer', 'read', async (request, server) => {
      const databases = await dataPlane.listDatabases(server);
      return {
        status: 200,
        body: page(
          request,
          databases.map((database) => armDatabase(server, database, request.apiVersion)),
        ),
      };
    }),
    route('GET', ONE, 'Databases_Get', 'read', async ({ params, apiVersion }, server) => {
      const name = params['databaseName']!;
      const database = await dataPlane.findDatabase(server, name);
      if (!database) throw childNotFound(TYPE, name);
      return { status: 200, body: armDatabase(server, database, apiVersion) };
    }),
    route('PUT', ONE, 'Databases_CreateOrUpdate', 'write', async (request, server) => {
      const name = request.params['databaseName']!;
      const problem = databaseNameProblem(name);
      if (problem) throw new ArmError('InvalidDatabaseName', 400, problem, { target: 'databaseName' });
      const { properties } = parseBody(DatabaseForPut, request.body);
      const charset = requireWord('properties.charset', properties?.charset);
      const collation = requireWord('properties.collation', properties?.collation);
      const { apiVersion } = request;
      const caller = callerOf(request, 'PUT');
      return accepted(request, beginPutDatabase(control, { server, name, charset, collation, apiVersion, caller }));
    }),
    route('DELETE', ONE, 'Databases_Delete', 'delete', async (request, server) => {
      const name = request.params['databaseName']!;
      if (isSystemDatabase(name)) {
        throw new ArmError(
          'SystemDatabaseCannotBeDeleted',
          400,
          `“${name}” is one of MySQL's own databases and stays.`,
          {
            target: 'databaseName',
          },
        );
      }
      const database = await dataPlane.findDatabase(server, name);
      if (!database) return { status: 204 };
      const { apiVersion } = request;
      const caller = callerOf(request, 'DELETE');
      return accepted(request, beginDeleteDatabase(control, { server, name: database.name, apiVersion, caller }));
    }),
  ];
}

/** The names of character sets and collations are words; which there are, the server knows. */
function requireWord(target: string, value: string | null | undefined): string | undefined {
  if (!value) return undefined;
  if (/^\w{1,64}$/.test(value)) return value;
  throw invalidParameter(target, `“${value}” is not the name of a character set or collation. Send one like utf8mb4.`);
}

/** @param apiVersion the size is our own addition, from the version on that the portal speaks. */
export function armDatabase(server: ServerRow, database: MysqlDatabase, apiVersion: string) {
  const { name, charset, collation, sizeBytes } = database;
  return {
    properties: { charset, collation, ...(isAtLeast(apiVersion, '2024-12-30') && { sizeBytes }) },
    id: `${serverResourceId(server)}/databases/${name}`,
    name,
    type: TYPE,
  };
}
