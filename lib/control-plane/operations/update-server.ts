import { isDeepStrictEqual } from 'node:util';
import { setAdministratorPassword } from '../mysql/administrator.ts';
import { mysqldOptions } from '../mysql/options.ts';
import { readPrimary } from '../store/instances.ts';
import { updateServer, type ServerIntent } from '../store/servers.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { failoverServer } from './failover-server.ts';
import { rollingSteps, type RollingInput } from './rolling.ts';
import {
  clientsAreAnswered,
  gatewayClosed,
  gatewayListens,
  mysqldRuns,
  mysqldStopped,
  refuseUnlessAllowed,
  serverIdOf,
  serverOf,
  withServer,
} from './server-steps.ts';
import { letStandbyGo, standbyRemoved } from './standby-leaves.ts';
import { haIntent, wantsStandby } from './standby-state.ts';
import { standbySteps } from './standby-steps.ts';
import { mysqlInstance, sizeOf, type World } from './world.ts';

export interface UpdateServerInput extends RollingInput {
  /** What it was; again so when the operation fails. */
  previous: ServerIntent;
  /** MySQL's own hash of a new admin password; forgotten when the operation ends. */
  authenticationHash?: string;
}

type Context = OperationContext<World, UpdateServerInput>;

export const updateServerOperation: OperationDefinition<World, UpdateServerInput> = {
  armName: 'UpsertServerManagementOperationV2',
  title: 'Update server',
  action: 'Microsoft.DBforMySQL/flexibleServers/write',
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'undo',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'update');
  },
  steps: [
    { ...gatewayClosed, needed: restartsAtOnce },
    { ...mysqldStopped, needed: restartsAtOnce },
    {
      ...mysqldRuns,
      needed: restartsAtOnce,
      async undo(context) {
        restoreIntent(context);
        await mysqldStopped.ensure(context);
      },
    },
    {
      name: 'passwordSet',
      stage: 'Setting the administrator’s password',
      needed: ({ input }) => input.authenticationHash !== undefined,
      async ensure(context) {
        const { administratorLogin: login } = serverOf(context).intent.properties;
        const authenticationHash = context.input.authenticationHash!;
        await withServer(context, (connection) => setAdministratorPassword(connection, { login, authenticationHash }));
      },
    },
    // After the password, since nothing may fail once the standby has taken over.
    ...rollingSteps<UpdateServerInput>({ needed: needsRestart, undone: restoreIntent }),
    { ...gatewayListens, needed: (context) => !rolls(context) },
    { ...clientsAreAnswered, needed: restartsAtOnce },
    {
      name: 'standbyLetGo',
      stage: 'Letting the standby restart',
      needed: (context) => restartsAtOnce(context) && hadStandby(context) && wantsStandby(serverOf(context).intent),
      ensure: (context) => letStandbyGo(context, 'It is being restarted with the server’s new size.'),
    },
    ...standbySteps.map((step) => ({
      ...step,
      needed: (context: Context) => !hadStandby(context) && wantsStandby(serverOf(context).intent),
    })),
    {
      ...standbyRemoved,
      needed: (context) => hadStandby(context) && !wantsStandby(serverOf(context).intent),
    },
  ],
  succeeded({ world: { database }, operation }) {
    updateServer(database, serverIdOf({ operation }), { state: 'Ready', stateReason: null });
  },
  failed(context, error) {
    restoreIntent(context);
    const leftOver = error.details?.some(({ code }) => code === 'CleanUpIncomplete');
    updateServer(context.world.database, serverIdOf(context), {
      state: leftOver ? 'Disabled' : 'Ready',
      stateReason: `The last update failed: ${error.message}`,
    });
  },
  keepOfInput: () => ({}),
  story(context) {
    const { input } = context;
    const { mode, standbyAvailabilityZone: zone } = haIntent(serverOf(context).intent);
    if (!hadStandby(context) && mode !== 'Disabled') {
      return `High availability was enabled (${mode}): the standby in zone ${zone} has caught up and can take over.`;
    }
    if (hadStandby(context) && mode === 'Disabled') {
      return `High availability (${haIntent(input.previous).mode}) was disabled: the standby was removed.`;
    }
    return input.roll && failoverServer.story?.({ ...context, input: input.roll });
  },
};

function hadStandby({ input }: Context): boolean {
  return wantsStandby(input.previous);
}

/** Only what mysqld is started with needs a restart; the rest is the control plane's to act on. */
function needsRestart(context: Context): boolean {
  const { world, input } = context;
  const server = serverOf(context);
  const instance = mysqlInstance(world, readPrimary(world.database, server.id));
  const options = (intent: ServerIntent) => mysqldOptions(instance, sizeOf(intent), server.overrides, world.machine);
  return !isDeepStrictEqual(options(input.previous), options(server.intent));
}

const rolls = (context: Context) => context.input.roll !== undefined && needsRestart(context);

/** Without a standby that may take over meanwhile. */
function restartsAtOnce(context: Context): boolean {
  return needsRestart(context) && !rolls(context);
}

function restoreIntent(context: Context): void {
  updateServer(context.world.database, serverIdOf(context), { intent: context.input.previous });
}
