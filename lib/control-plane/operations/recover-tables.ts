import { ArmError } from '../../arm/error.ts';
import { withConnection, withLargeStatements, type Connection } from '../mysql/client.ts';
import { copyTable, mayBeLarge } from '../mysql/copy-table.ts';
import { instancePaths } from '../mysql/instance.ts';
import { findPrimary } from '../store/instances.ts';
import { readServer } from '../store/servers.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { findMysqld } from './mysqld.ts';
import { primaryOf, refuseUnlessAllowed, withInstance } from './server-steps.ts';
import { mysqlInstance, type World } from './world.ts';

export interface RecoverTablesInput {
  /** Internal id of the server that was restored beside. */
  restoredServerId: string;
  tables: { database: string; table: string; toDatabase: string; toTable: string }[];
  overwrite: boolean;
}

type Context = OperationContext<World, RecoverTablesInput>;

/** Chosen tables of a restored server come back to the server that they were lost from. */
export const recoverTables: OperationDefinition<World, RecoverTablesInput> = {
  armName: 'RecoverTablesManagementOperation',
  title: 'Recover tables',
  action: 'Flexdeck.Local/flexibleServers/recoverTables/action',
  exclusive: false,
  lane: 'tables',
  whenAStepFails: 'leave',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'databases');
  },
  steps: [{ name: 'tablesCopied', stage: 'Copying tables', ensure: copyTables }],
  story: ({ input }) =>
    `Recovered: ${input.tables.map(({ toDatabase, toTable }) => `${toDatabase}.${toTable}`).join(', ')}.`,
};

/** Begun anew after a death of the daemon: tables that had been copied are copied once more. */
async function copyTables(context: Context): Promise<void> {
  const { world, input } = context;
  const restored = readServer(world.database, input.restoredServerId);
  const source = findPrimary(world.database, restored.id);
  if (!source || !findMysqld(world, source)) {
    throw new ArmError('RestoredServerNotReady', 409, `The restored server '${restored.name}' does not run.`);
  }
  for (const [index, one] of input.tables.entries()) {
    await withInstance(world, source, async (from) => {
      const withTarget = (await mayBeLarge(from, one)) ? withLargeStatements : withConnection;
      const { socket } = instancePaths(mysqlInstance(world, primaryOf(context)));
      await withTarget(socket, (to) => copyOne(context, index, from, to));
    });
  }
}

async function copyOne(
  { operation, input, signal }: Context,
  index: number,
  from: Connection,
  to: Connection,
): Promise<void> {
  const one = input.tables[index]!;
  const target = { database: one.toDatabase, table: one.toTable };
  const suffix = `${operation.id.slice(0, 8)}_${index}`;
  try {
    await copyTable(from, one, to, target, { overwrite: input.overwrite, suffix, signal });
  } catch (cause) {
    if ((cause as { code?: string }).code !== 'ER_LOCK_WAIT_TIMEOUT') throw cause;
    throw new ArmError(
      'TableInUse',
      409,
      `A statement, an open transaction or a prepared one (XA RECOVER) holds ${target.database}.${target.table}: end it, and try again.`,
      { cause },
    );
  }
}
