import { ArmError } from '../../arm/error.ts';
import { ensureAdministrator } from '../mysql/administrator.ts';
import { deleteFirewallRules } from '../store/firewall-rules.ts';
import { deleteInstances } from '../store/instances.ts';
import { findResourceGroup } from '../store/resource-groups.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationContext, OperationDefinition, Step } from './definition.ts';
import {
  addressHeld,
  clientsAreAnswered,
  ensureCertificate,
  gatewayListens,
  mysqldRuns,
  serverIdOf,
  serverOf,
  setFront,
  stopPrimary,
  withServer,
} from './server-steps.ts';
import { wantsStandby } from './standby-state.ts';
import { standbySteps } from './standby-steps.ts';
import type { World } from './world.ts';

export interface NewServerInput {
  resourceGroup: string;
  /** MySQL's own hash of the admin's password; forgotten when the operation ends. */
  authenticationHash?: string;
}

type Context = OperationContext<World, NewServerInput>;
type NewServerStep = Step<World, NewServerInput>;

const MYSQL_PORT = 3306;
/** Azure's range of custom ports. */
const OTHER_PORTS = Array.from({ length: 1000 }, (_, index) => 25_001 + index);

/** What making a server is, wherever its data comes from: when it may begin, and what is so when it has ended. */
export const newServer: Omit<OperationDefinition<World, NewServerInput>, 'armName' | 'title' | 'steps'> = {
  action: 'Microsoft.DBforMySQL/flexibleServers/write',
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'undo',
  check({ database }, { subscriptionId, input, resourceId }) {
    const { resourceGroup } = input as NewServerInput;
    const group = findResourceGroup(database, subscriptionId, resourceGroup);
    if (group?.state !== 'Deleting') return;
    throw new ArmError('ResourceGroupBeingDeleted', 409, `The resource group '${group.name}' is being deleted.`, {
      target: resourceId,
    });
  },
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

/** Comes first: nobody else takes the address. */
export const addressClaimed: NewServerStep = {
  name: 'addressClaimed',
  stage: 'Choosing address and port',
  perishable: true,
  ensure: claimAddress,
  undo: (context) => setFront(context, 'none'),
};

export const certificateExists: NewServerStep = {
  name: 'certificateExists',
  stage: 'Issuing the server’s certificate',
  ensure: (context) => ensureCertificate(context),
};

/** Nothing of it is left when the making is undone. */
export const newMysqldRuns: NewServerStep = {
  ...mysqldRuns,
  undo: (context) => stopPrimary(context, 'kill'),
};

/** With the password that was asked for. */
export async function setAdministrator(context: Context): Promise<void> {
  const { administratorLogin: login } = serverOf(context).intent.properties;
  const { authenticationHash } = context.input;
  if (!authenticationHash) throw new Error('The administrator’s password hash is missing.');
  await withServer(context, (connection) => ensureAdministrator(connection, { login, authenticationHash }));
}

/** Come last: the standby where one is wanted, and clients. */
export const lastSteps: readonly NewServerStep[] = [
  ...standbySteps.map((step) => ({
    ...step,
    needed: (context: Parameters<typeof serverOf>[0]) => wantsStandby(serverOf(context).intent),
  })),
  { ...gatewayListens, undo: (context) => setFront(context, 'none') },
  clientsAreAnswered,
];

/** The gateway listens on it from here on, and says that the server is starting: nobody can take it meanwhile. */
async function claimAddress(context: Context): Promise<void> {
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
