import { ensureAdministrator } from '../mysql/administrator.ts';
import { removeInstance } from '../mysql/data-directory.ts';
import { ensureDaemonAccountGuarded } from '../mysql/first-start.ts';
import { rotateMasterKey } from '../mysql/replay.ts';
import { readRestore, writeRestore } from '../store/restores.ts';
import { updateServer } from '../store/servers.ts';
import { createServer, type CreateServerInput } from './create-server.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { ensureMysqldStopped } from './mysqld.ts';
import { planRestoring, replayLog, unpackFullBackup, writeReplayLog, type Restoring } from './restore-steps.ts';
import {
  clientsAreAnswered,
  ensureCertificate,
  gatewayListens,
  mysqldRuns,
  primaryOf,
  serverIdOf,
  serverOf,
  setFront,
  stopPrimary,
  withServer,
} from './server-steps.ts';
import { wantsStandby } from './standby-state.ts';
import { standbySteps } from './standby-steps.ts';
import { mysqlInstance, type World } from './world.ts';

export type RestoreServerInput = CreateServerInput;

type Context = OperationContext<World, RestoreServerInput>;

/** A new server from the backups of another. Until the last step nobody can reach it. */
export const restoreServer: OperationDefinition<World, RestoreServerInput> = {
  armName: 'RestoreSnapshotManagementOperation',
  title: 'Restore server',
  action: 'Microsoft.DBforMySQL/flexibleServers/write',
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'undo',
  check: createServer.check!,
  steps: [
    createServer.steps[0]!,
    {
      name: 'restorePlanned',
      stage: 'Finding the shortest way to that moment',
      ensure: (context) => planRestoring(restoringOf(context)),
    },
    {
      name: 'dataUnpacked',
      stage: 'Unpacking the full backup',
      async ensure(context) {
        // Half of a replay may have been done: it begins anew.
        await ensureMysqldStopped(context.world, primaryOf(context), 'kill');
        await unpackFullBackup(restoringOf(context));
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
      ensure: (context) => writeReplayLog(restoringOf(context)),
    },
    {
      name: 'certificateExists',
      stage: 'Issuing the server’s certificate',
      ensure: (context) => ensureCertificate(context),
    },
    { name: 'logReplayed', stage: 'Replaying the log', ensure: (context) => replayLog(restoringOf(context)) },
    { ...mysqldRuns, undo: (context) => stopPrimary(context, 'kill') },
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
      async ensure(context) {
        const { administratorLogin: login } = serverOf(context).intent.properties;
        const authenticationHash = context.input.authenticationHash!;
        await withServer(context, (connection) => ensureAdministrator(connection, { login, authenticationHash }));
      },
    },
    ...standbySteps.map((step) => ({
      ...step,
      needed: (context: Parameters<typeof serverOf>[0]) => wantsStandby(serverOf(context).intent),
    })),
    { ...gatewayListens, undo: (context) => setFront(context, 'none') },
    clientsAreAnswered,
  ],
  succeeded({ world, operation }) {
    updateServer(world.database, serverIdOf({ operation }), { state: 'Ready', stateReason: null });
  },
  failed: (context, error) => createServer.failed!(context, error),
  keepOfInput: ({ resourceGroup }) => ({ resourceGroup }),
};

function restoringOf(context: Context): Restoring {
  const { world, operation, signal } = context;
  const { database } = world;
  const read = () => {
    const found = readRestore(database, operation.id);
    if (!found) throw new Error('What is to be restored is not known any more.');
    return found;
  };
  return {
    world,
    instance: primaryOf(context),
    signal,
    read,
    save: (change) => writeRestore(database, operation.id, serverIdOf(context), { ...read(), ...change }),
  };
}
