import { createDatabase, dropDatabase } from '../mysql/databases.ts';
import type { OperationDefinition } from './definition.ts';
import { refuseUnlessAllowed, withServer } from './server-steps.ts';
import type { World } from './world.ts';

export interface DatabaseInput {
  name: string;
  charset?: string;
  collation?: string;
}

const common = {
  exclusive: false,
  lane: 'databases',
  whenAStepFails: 'leave',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'databases');
  },
} satisfies Partial<OperationDefinition<World, DatabaseInput>>;

export const putDatabase: OperationDefinition<World, DatabaseInput> = {
  ...common,
  armName: 'UpsertServerDatabaseManagementOperation',
  title: 'Create or update database',
  action: 'Microsoft.DBforMySQL/flexibleServers/databases/write',
  steps: [
    {
      name: 'databaseExists',
      stage: 'Creating the database',
      async ensure(context) {
        await withServer(context, (connection) => createDatabase(connection, context.input));
      },
    },
  ],
};

export const deleteDatabase: OperationDefinition<World, DatabaseInput> = {
  ...common,
  armName: 'DropServerDatabaseManagementOperation',
  title: 'Delete database',
  action: 'Microsoft.DBforMySQL/flexibleServers/databases/delete',
  steps: [
    {
      name: 'databaseDropped',
      stage: 'Deleting the database',
      async ensure(context) {
        await withServer(context, (connection) => dropDatabase(connection, context.input.name));
      },
    },
  ],
};
