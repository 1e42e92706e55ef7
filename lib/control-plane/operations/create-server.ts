import { ensureAdministrator } from '../mysql/administrator.ts';
import { ensureDataDirectory, removeInstance } from '../mysql/data-directory.ts';
import { ensureDaemonAccountGuarded, ensureEncrypted } from '../mysql/first-start.ts';
import { claimSpare, emptySpare, isUnprovenSpare, spareIsProven } from '../mysql/spare.ts';
import { ArmError } from '../../arm/error.ts';
import { deleteFirewallRules } from '../store/firewall-rules.ts';
import { deleteInstances } from '../store/instances.ts';
import { findResourceGroup } from '../store/resource-groups.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import {
  addressHeld,
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
import { mysqlInstance, runtimeOf, type World } from './world.ts';

export interface CreateServerInput {
  resourceGroup: string;
  /** MySQL's own hash of the admin's password; forgotten when the operation ends. */
  authenticationHash?: string;
}

const MYSQL_PORT = 3306;
/** Azure's range of custom ports. */
const OTHER_PORTS = Array.from({ length: 1000 }, (_, index) => 25_001 + index);

export const createServer: OperationDefinition<World, CreateServerInput> = {
  armName: 'UpsertServerManagementOperationV2',
  title: 'Create server',
  action: 'Microsoft.DBforMySQL/flexibleServers/write',
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'undo',
  check({ database }, { subscriptionId, input, resourceId }) {
    const { resourceGroup } = input as CreateServerInput;
    const group = findResourceGroup(database, subscriptionId, resourceGroup);
    if (group?.state !== 'Deleting') return;
    throw new ArmError('ResourceGroupBeingDeleted', 409, `The resource group '${group.name}' is being deleted.`, {
      target: resourceId,
    });
  },
  steps: [
    {
      name: 'addressClaimed',
      stage: 'Choosing address and port',
      perishable: true,
      ensure: claimAddress,
      undo: (context) => setFront(context, 'none'),
    },
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
    {
      name: 'certificateExists',
      stage: 'Issuing the server’s certificate',
      ensure: ensureCertificate,
    },
    { ...mysqldRuns, ensure: mysqldRunsOnGoodData, undo: (context) => stopPrimary(context, 'kill') },
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
    {
      name: 'administratorExists',
      stage: 'Creating the administrator',
      async ensure(context) {
        const { administratorLogin: login } = serverOf(context).intent.properties;
        const { authenticationHash } = context.input;
        if (!authenticationHash) throw new Error('The administrator’s password hash is missing.');
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
  failed({ world, operation }, error) {
    const id = serverIdOf({ operation });
    if (error.details?.some(({ code }) => code === 'CleanUpIncomplete')) {
      const stateReason = `It could not be created, and not all of it could be removed. Delete it. ${error.message}`;
      updateServer(world.database, id, { state: 'Disabled', stateReason });
      return;
    }
    deleteInstances(world.database, id);
    deleteFirewallRules(world.database, id);
    updateServer(world.database, id, { state: 'Dropping', deletedAt: world.clock.now() });
  },
  keepOfInput: ({ resourceGroup }) => ({ resourceGroup }),
};

/** The gateway listens on it from here on, and says that the server is starting: nobody can take it meanwhile. */
async function claimAddress(context: OperationContext<World, CreateServerInput>): Promise<void> {
  const { database, freePort } = context.world;
  const id = serverIdOf(context);
  const taken = new Set<number>();
  for (;;) {
    const { address, port } = serverOf(context);
    const candidates = [MYSQL_PORT, ...OTHER_PORTS].filter((candidate) => !taken.has(candidate));
    if (port === null) updateServer(database, id, { port: await freePort(address, candidates) });
    try {
      return await addressHeld.ensure(context);
    } catch (failure) {
      // Somebody took it between looking and listening. No client has been told of it yet.
      const { port: lost } = serverOf(context);
      if (lost === null || taken.size === 3) throw failure;
      taken.add(lost);
      updateServer(database, id, { port: null });
    }
  }
}

/** A spare that mysqld does not take was damaged since it was made: then the data directory is copied after all. */
async function mysqldRunsOnGoodData(context: OperationContext<World, CreateServerInput>): Promise<void> {
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
