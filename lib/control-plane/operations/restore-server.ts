import { removeInstance } from '../mysql/data-directory.ts';
import { ensureDaemonAccountGuarded } from '../mysql/first-start.ts';
import { rotateMasterKey } from '../mysql/replay.ts';
import type { OperationDefinition } from './definition.ts';
import { ensureMysqldStopped } from './mysqld.ts';
import {
  addressClaimed,
  certificateExists,
  lastSteps,
  newMysqldRuns,
  newServer,
  setAdministrator,
  type NewServerInput,
} from './new-server.ts';
import { replayLog } from './replay-log.ts';
import { planRestoring, restoringInto, unpackFullBackup, writeReplayLog } from './restore-steps.ts';
import { primaryOf, withServer } from './server-steps.ts';
import { mysqlInstance, type World } from './world.ts';

/** A new server from the backups of another. Until the last step nobody can reach it. */
export const restoreServer: OperationDefinition<World, NewServerInput> = {
  ...newServer,
  armName: 'RestoreSnapshotManagementOperation',
  title: 'Restore server',
  steps: [
    addressClaimed,
    {
      name: 'restorePlanned',
      stage: 'Finding the shortest way to that moment',
      ensure: (context) => planRestoring(restoringInto(primaryOf(context), context)),
    },
    {
      name: 'dataUnpacked',
      stage: 'Unpacking the full backup',
      async ensure(context) {
        const primary = primaryOf(context);
        // Half of a replay may have been done: it begins anew.
        await ensureMysqldStopped(context.world, primary, 'kill');
        await unpackFullBackup(restoringInto(primary, context));
      },
      async undo({ world, operation }) {
        const primary = primaryOf({ world, operation });
        await ensureMysqldStopped(world, primary, 'kill');
        await removeInstance(mysqlInstance(world, primary));
      },
    },
    {
      name: 'logUnpacked',
      stage: 'Unpacking the log',
      ensure: (context) => writeReplayLog(restoringInto(primaryOf(context), context)),
    },
    certificateExists,
    {
      name: 'logReplayed',
      stage: 'Replaying the log',
      ensure: (context) => replayLog(restoringInto(primaryOf(context), context)),
    },
    newMysqldRuns,
    {
      name: 'masterKeyRotated',
      stage: 'Securing the server',
      ensure: (context) =>
        withServer(context, async (connection) => {
          await ensureDaemonAccountGuarded(connection);
          await rotateMasterKey(connection);
        }),
    },
    {
      name: 'administratorExists',
      stage: 'Setting the administrator’s password',
      needed: ({ input }) => input.authenticationHash !== undefined,
      ensure: setAdministrator,
    },
    ...lastSteps,
  ],
};
