import { isDeepStrictEqual } from 'node:util';
import type { Connection } from '../mysql/client.ts';
import { mysqldOptions, ONLINE_SIZE_OPTIONS, type MysqldOptions } from '../mysql/options.ts';
import { findStandby, readPrimary } from '../store/instances.ts';
import { updateServer, type ServerIntent } from '../store/servers.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { failoverServer } from './failover-server.ts';
import { findMysqld } from './mysqld.ts';
import { rollingSteps, type RollingInput } from './rolling.ts';
import {
  changesServer,
  clientsAreAnswered,
  gatewayClosed,
  gatewayListens,
  mysqldRuns,
  mysqldStopped,
  passwordSet,
  serverIdOf,
  serverOf,
  withInstance,
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
  ...changesServer,
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
    passwordSet,
    // After the password, since nothing may fail once the standby has taken over.
    ...rollingSteps<UpdateServerInput>({ needed: needsRestart, undone: restoreIntent }),
    {
      name: 'iopsSet',
      stage: 'Setting how hard MySQL uses the storage',
      needed: (context) => !needsRestart(context) && changedOnline(context).length > 0,
      ensure: setOnline,
      async undo(context) {
        restoreIntent(context);
        await setOnline(context);
      },
    },
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
  const [before, after] = optionsAround(context).map((options) => {
    const rest = { ...options };
    for (const name of ONLINE_SIZE_OPTIONS) delete rest[name];
    return rest;
  });
  return !isDeepStrictEqual(before, after);
}

/** What follows from the size that need not wait for a restart. */
function changedOnline(context: Context) {
  const [before, after] = optionsAround(context);
  return ONLINE_SIZE_OPTIONS.filter((name) => before[name] !== after[name]);
}

/** As the server was asked to be before, and is now. */
function optionsAround(context: Context): [MysqldOptions, MysqldOptions] {
  const { world, input } = context;
  const server = serverOf(context);
  const instance = mysqlInstance(world, readPrimary(world.database, server.id));
  const options = (intent: ServerIntent) => mysqldOptions(instance, sizeOf(intent), server.overrides, world.machine);
  return [options(input.previous), options(server.intent)];
}

/** On both sides; a standby that does not answer has it when it starts again. */
async function setOnline(context: Context): Promise<void> {
  const { world, log, operation } = context;
  const server = serverOf(context);
  const primary = readPrimary(world.database, server.id);
  const options = mysqldOptions(mysqlInstance(world, primary), sizeOf(server.intent), server.overrides, world.machine);
  const set = async (connection: Connection) => {
    for (const name of ONLINE_SIZE_OPTIONS) await connection.query(`SET GLOBAL ${name} = ?`, [Number(options[name])]);
  };
  await withServer(context, set);
  const standby = findStandby(world.database, server.id);
  if (!standby || !findMysqld(world, standby)) return;
  await withInstance(world, standby, set).catch((failure: unknown) => {
    log.warn({ err: failure, operation: operation.id }, 'the standby could not be told of its IOPS');
  });
}

const rolls = (context: Context) => context.input.roll !== undefined && needsRestart(context);

/** Without a standby that may take over meanwhile. */
function restartsAtOnce(context: Context): boolean {
  return needsRestart(context) && !rolls(context);
}

function restoreIntent(context: Context): void {
  updateServer(context.world.database, serverIdOf(context), { intent: context.input.previous });
}
