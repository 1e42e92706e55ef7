import { ArmError } from '../../arm/error.ts';
import { copyTable } from '../mysql/copy-table.ts';
import { findPrimary } from '../store/instances.ts';
import { readServer } from '../store/servers.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { findMysqld } from './mysqld.ts';
import { primaryOf, refuseUnlessAllowed, withInstance } from './server-steps.ts';
import type { World } from './world.ts';

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
  const { world, input, operation, signal } = context;
  const restored = readServer(world.database, input.restoredServerId);
  const source = findPrimary(world.database, restored.id);
  if (!source || !findMysqld(world, source)) {
    throw new ArmError('RestoredServerNotReady', 409, `The restored server '${restored.name}' does not run.`);
  }
  for (const [index, one] of input.tables.entries()) {
    const target = { database: one.toDatabase, table: one.toTable };
    await withInstance(world, source, (from) =>
      withInstance(world, primaryOf(context), (to) =>
        copyTable(from, one, to, target, {
          overwrite: input.overwrite,
          suffix: `${operation.id.slice(0, 8)}_${index}`,
          signal,
          progress: () => {},
        }),
      ),
    );
  }
}
