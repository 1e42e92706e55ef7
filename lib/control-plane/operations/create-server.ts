import { ensureDataDirectory, removeInstance } from '../mysql/data-directory.ts';
import { ensureDaemonAccountGuarded, ensureEncrypted } from '../mysql/first-start.ts';
import { claimSpare, emptySpare, isUnprovenSpare, spareIsProven } from '../mysql/spare.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import {
  addressClaimed,
  certificateExists,
  lastSteps,
  newMysqldRuns,
  newServer,
  setAdministrator,
  type NewServerInput,
} from './new-server.ts';
import { ensureCertificate, mysqldRuns, primaryOf, stopPrimary, withServer } from './server-steps.ts';
import { mysqlInstance, runtimeOf, type World } from './world.ts';

export const createServer: OperationDefinition<World, NewServerInput> = {
  ...newServer,
  armName: 'UpsertServerManagementOperationV2',
  title: 'Create server',
  steps: [
    addressClaimed,
    {
      name: 'dataDirectoryExists',
      stage: 'Preparing the data directory',
      async ensure(context) {
        const { world } = context;
        const primary = primaryOf(context);
        const instance = mysqlInstance(world, primary);
        const template = await world.template(runtimeOf(world, primary.runtimeId));
        await claimSpare(instance, world.paths.sparesFolder, template);
        await ensureDataDirectory(instance, template);
      },
      undo: (context) => removeInstance(mysqlInstance(context.world, primaryOf(context))),
    },
    certificateExists,
    { ...newMysqldRuns, ensure: mysqldRunsOnGoodData },
    {
      name: 'daemonAccountGuarded',
      stage: 'Securing the server',
      ensure: (context) => withServer(context, ensureDaemonAccountGuarded),
    },
    {
      name: 'dataEncrypted',
      stage: 'Encrypting the server’s data',
      ensure: (context) => withServer(context, ensureEncrypted),
    },
    { name: 'administratorExists', stage: 'Creating the administrator', ensure: setAdministrator },
    ...lastSteps,
  ],
};

/** A spare that mysqld does not take was damaged since it was made: then the data directory is copied after all. */
async function mysqldRunsOnGoodData(context: OperationContext<World, NewServerInput>): Promise<void> {
  const { world, log } = context;
  const primary = primaryOf(context);
  const instance = mysqlInstance(world, primary);
  try {
    await mysqldRuns.ensure(context);
  } catch (failure) {
    if (!(await isUnprovenSpare(instance))) throw failure;
    log.warn({ err: failure, instanceId: primary.id }, 'the spare data directory was no good');
    await stopPrimary(context, 'kill');
    await emptySpare(instance);
    await ensureDataDirectory(instance, await world.template(runtimeOf(world, primary.runtimeId)));
    await ensureCertificate(context);
    await mysqldRuns.ensure(context);
  }
  await spareIsProven(instance);
}
