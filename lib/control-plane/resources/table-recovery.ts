import * as z from 'zod';
import { ArmError } from '../../arm/error.ts';
import { RecoverTablesRequest, type ComparedTable } from '../../arm/local/backup.ts';
import { SERVER_TYPE, serverKeyOf } from '../../arm/resource-id.ts';
import { countRows, listTables } from '../mysql/copy-table.ts';
import type { TableName } from '../mysql/foreign-keys.ts';
import { beginRecoverTables } from '../operations/begin-backup.ts';
import type { RecoverTablesInput } from '../operations/recover-tables.ts';
import { findServer, type ServerRow } from '../store/servers.ts';
import { accepted } from './accepted.ts';
import { localRoute } from './local-route.ts';
import { parseBody } from './parse-body.ts';
import { invalidParameter, resourceNotFound } from './refusals.ts';
import { callerOf, type Resources } from './resources.ts';
import type { ArmRequest, ArmResponse, ArmRoute } from './route.ts';
import { serverResourceId } from './server-shape.ts';

const CompareRequest = z.strictObject({
  restoredServerResourceId: z.string(),
  databases: z.array(z.string()).nullish(),
});
const SYSTEM = /^(mysql|sys|information_schema|performance_schema)$/i;

/** One table or more back from a server that was restored beside: first look, then choose, then copy. */
export function tableRecoveryRoutes(resources: Resources): ArmRoute[] {
  const route = (
    name: string,
    operationId: string,
    handle: (request: ArmRequest, server: ServerRow) => Promise<ArmResponse>,
  ) => localRoute(resources, { method: 'POST', name, operationId, permission: `${name}/action` }, handle);
  return [
    route('compareTables', 'Tables_Compare', async (request, server) => {
      const { restoredServerResourceId, databases } = parseBody(CompareRequest, request.body);
      const restored = requireRestored(resources, request, server, restoredServerResourceId);
      return { status: 200, body: { value: await compare(resources, server, restored, databases ?? []) } };
    }),
    route('recoverTables', 'Tables_Recover', async (request, server) => {
      const asked = parseBody(RecoverTablesRequest, request.body);
      const restored = requireRestored(resources, request, server, asked.restoredServerResourceId);
      const { input, steps } = await plan(resources, server, restored, asked);
      if (request.query['validateOnly'] === 'true') return { status: 200, body: { steps } };
      const { apiVersion } = request;
      const caller = callerOf(request, 'POST');
      return accepted(request, beginRecoverTables(resources.control, { server, input, apiVersion, caller }));
    }),
  ];
}

function requireRestored(
  { control, authorizer }: Resources,
  request: ArmRequest,
  server: ServerRow,
  id: string,
): ServerRow {
  const key = serverKeyOf(id);
  if (!key) throw invalidParameter('restoredServerResourceId', `“${id}” is not the id of a server.`);
  const found = findServer(control.world.database, key);
  // Its rows are read: who asks must be allowed to.
  if (!found || !authorizer.isAllowed(request.principal, `${SERVER_TYPE}/read`, serverResourceId(found))) {
    throw resourceNotFound(SERVER_TYPE, key.serverName, key.resourceGroup);
  }
  if (found.id === server.id) {
    throw invalidParameter('restoredServerResourceId', 'A server cannot recover tables from itself.');
  }
  return found;
}

async function compare(
  { dataPlane }: Resources,
  server: ServerRow,
  restored: ServerRow,
  databases: string[],
): Promise<ComparedTable[]> {
  const count = (of: ServerRow) =>
    dataPlane.ask(of, async (connection) => {
      const counts = new Map<string, TableName & { rows: number }>();
      for (const name of await listTables(connection, databases)) {
        counts.set(keyOf(name), { ...name, rows: await countRows(connection, name) });
      }
      return counts;
    });
  const [here, there] = [await count(server), await count(restored)];
  return [...new Map([...here, ...there]).entries()]
    .map(([key, { database, table }]) => ({
      database,
      table,
      rowsHere: here.get(key)?.rows ?? null,
      rowsThere: there.get(key)?.rows ?? null,
    }))
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

const keyOf = ({ database, table }: TableName) => `${database}\0${table}`;

async function plan(
  { dataPlane }: Resources,
  server: ServerRow,
  restored: ServerRow,
  { tables, overwrite = false }: RecoverTablesRequest,
): Promise<{ input: RecoverTablesInput; steps: string[] }> {
  const here = new Set((await dataPlane.ask(server, (connection) => listTables(connection))).map(keyOf));
  const there = new Set((await dataPlane.ask(restored, (connection) => listTables(connection))).map(keyOf));
  const wanted = new Set<string>();
  const steps: string[] = [];
  const chosen = tables.map((asked, index) => {
    // As MySQL has them: lower_case_table_names is 1 on every server.
    const [database, table] = [asked.database.toLowerCase(), asked.table.toLowerCase()];
    const toDatabase = asked.toDatabase?.toLowerCase() ?? database;
    const toTable = asked.toTable?.toLowerCase() ?? table;
    const target = `tables[${index}]`;
    const name = `${toDatabase}.${toTable}`;
    if (SYSTEM.test(toDatabase)) throw invalidParameter(target, `“${toDatabase}” is one of MySQL's own databases.`);
    if (!there.has(keyOf({ database, table }))) {
      throw new ArmError('TableNotFound', 400, `The restored server has no table ${database}.${table}.`, { target });
    }
    const key = keyOf({ database: toDatabase, table: toTable });
    if (wanted.has(key)) throw invalidParameter(target, `${name} is named twice.`);
    wanted.add(key);
    if (here.has(key) && !overwrite) {
      throw new ArmError(
        'TableAlreadyExists',
        409,
        `There is a table ${name} already. Choose another name, or say that it is to be replaced.`,
        { target },
      );
    }
    steps.push(
      here.has(key)
        ? `Copy ${database}.${table} from ${restored.name}, then replace ${name} by it at one moment.`
        : `Copy ${database}.${table} from ${restored.name} to ${name}.`,
    );
    return { database, table, toDatabase, toTable };
  });
  return { input: { restoredServerId: restored.id, tables: chosen, overwrite }, steps };
}
