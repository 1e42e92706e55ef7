import { rm } from 'node:fs/promises';
import { pairedLocation, storePaths } from '../backup/store-layout.ts';
import { deleteFullBackup } from '../store/full-backups.ts';
import type { OperationDefinition } from './definition.ts';
import { serverOf } from './server-steps.ts';
import type { World } from './world.ts';

export interface DeleteBackupInput {
  backupId: string;
}

export const deleteBackup: OperationDefinition<World, DeleteBackupInput> = {
  armName: 'DeleteBackupManagementOperation',
  title: 'Delete backup',
  action: 'Microsoft.DBforMySQL/flexibleServers/backups/delete',
  exclusive: false,
  lane: 'backup',
  whenAStepFails: 'leave',
  steps: [
    {
      name: 'filesRemoved',
      stage: 'Removing the backup’s files',
      async ensure({ world, operation, input }) {
        await removeFullBackupFiles(world, serverOf({ world, operation }), input.backupId);
      },
    },
  ],
  succeeded({ world: { database }, input }) {
    deleteFullBackup(database, input.backupId);
  },
};

/** From its location's store and from the paired one's. */
export async function removeFullBackupFiles(
  { paths }: Pick<World, 'paths'>,
  { id, location }: { id: string; location: string },
  backupId: string,
): Promise<void> {
  for (const place of [location, pairedLocation(location)]) {
    await rm(storePaths(paths.home, place, id).full(backupId), { force: true });
  }
}
