import { ArmError } from '../../arm/error.ts';
import { quoteName, rows, type Connection } from '../mysql/client.ts';
import { readConfigurations, type MysqlConfiguration } from '../mysql/configurations.ts';
import { isServiceParameter } from '../mysql/service-parameters.ts';
import { findStandby } from '../store/instances.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { findMysqld } from './mysqld.ts';
import { serverConfiguration } from './server-configuration.ts';
import { changesServer, primaryOf, serverIdOf, serverOf, withInstance, withServer } from './server-steps.ts';
import { ensureParametersStart } from './trial.ts';
import type { World } from './world.ts';

export interface UpdateConfigurationsInput {
  /** System variable → value; null: back to the server's default. */
  values: Record<string, string | null>;
  /** All overrides and what waited for a restart before; again so when the operation fails. */
  previous: { overrides: Record<string, string>; pendingRestart: string[] };
}

type Context = OperationContext<World, UpdateConfigurationsInput>;

export const updateConfigurations: OperationDefinition<World, UpdateConfigurationsInput> = {
  armName: 'UpdateServerParameterManagementOperationV2',
  title: 'Update server parameters',
  action: 'Microsoft.DBforMySQL/flexibleServers/configurations/write',
  ...changesServer,
  steps: [
    {
      name: 'startsOnTrial',
      stage: 'Trying the parameters beside the server',
      // Back to the defaults is where the server came from.
      needed: ({ input }) => Object.values(input.values).some((value) => value !== null),
      async ensure(context) {
        const changed = Object.keys(context.input.values);
        await ensureParametersStart(context, serverOf(context).overrides, changed, await staticNames(context));
      },
    },
    {
      name: 'variablesSet',
      stage: 'Setting server parameters',
      async ensure(context) {
        const { overrides, pendingRestart } = serverOf(context);
        const waiting = await setVariables(context, overrides, { strict: true });
        updateServer(context.world.database, serverIdOf(context), {
          pendingRestart: [...new Set([...pendingRestart, ...waiting])],
        });
      },
      async undo(context) {
        // One that is dead starts with what it had before, and is not to be waited for: its standby may be about to take over.
        if (!findMysqld(context.world, primaryOf(context))) return;
        await setVariables(context, context.input.previous.overrides, { strict: false });
        await copyVariablesToStandby(context);
      },
    },
    {
      name: 'standbyVariablesSet',
      stage: 'Setting server parameters of the standby',
      needed: (context) => findStandby(context.world.database, serverIdOf(context)) !== undefined,
      ensure: copyVariablesToStandby,
    },
    {
      // These are the gateway's to keep.
      name: 'gatewayKnows',
      stage: 'Setting server parameters',
      needed: ({ input }) => 'require_secure_transport' in input.values || 'max_connections' in input.values,
      async ensure({ world }) {
        await world.fronts.push();
      },
    },
  ],
  succeeded({ world: { database }, operation }) {
    updateServer(database, serverIdOf({ operation }), { state: 'Ready', stateReason: null });
  },
  failed(context, error) {
    updateServer(context.world.database, serverIdOf(context), {
      ...context.input.previous,
      state: 'Ready',
      stateReason: `The last change of server parameters failed: ${error.message}`,
    });
  },
};

/** Those that are to change, as they are. */
async function changing(context: Context, connection: Connection): Promise<MysqlConfiguration[]> {
  const server = serverOf(context);
  // With every override of before and after, so that the default of one that goes is not taken for what it has now.
  const known = { ...context.input.previous.overrides, ...server.overrides };
  const configurations = await readConfigurations(connection, {
    ...serverConfiguration(context.world, server),
    overrides: known,
  });
  return Object.keys(context.input.values).map((name) => {
    const configuration = configurations.find((candidate) => candidate.name === name);
    if (!configuration) throw new ArmError('InvalidParameterValue', 400, `There is no server parameter ${name}.`);
    return configuration;
  });
}

/** The trial compares these: the others are set, and looked at, on the server itself. */
async function staticNames(context: Context): Promise<string[]> {
  const wanted = await withServer(context, (connection) => changing(context, connection));
  return wanted.filter(({ isDynamic }) => !isDynamic).map(({ name }) => name);
}

/**
 * Sets what mysqld takes while it runs.
 *
 * @param how.strict refuses a value that it would take as another.
 * @returns the names that it takes at its next start only.
 */
async function setVariables(
  context: Context,
  overrides: Record<string, string>,
  how: { strict: boolean },
): Promise<string[]> {
  return withServer(context, async (connection) => {
    const wanted = await changing(context, connection);
    for (const configuration of wanted) {
      if (!configuration.isDynamic || isServiceParameter(configuration.name)) continue;
      await setVariable(connection, configuration, overrides[configuration.name] ?? configuration.defaultValue, how);
    }
    return wanted.filter(({ isDynamic }) => !isDynamic).map(({ name }) => name);
  });
}

/** Who takes over has what the primary has. One that is not there now reads them when it starts. */
async function copyVariablesToStandby(context: Context): Promise<void> {
  const { world, log, operation } = context;
  const standby = findStandby(world.database, serverIdOf(context));
  if (!standby || !findMysqld(world, standby)) return;
  const names = Object.keys(context.input.values).filter(
    (name) => name !== 'event_scheduler' && !isServiceParameter(name),
  );
  const values = await withServer(context, async (connection) => {
    return Promise.all(
      names.map(async (name) => {
        const [row] = await rows<{ value: unknown }>(connection, `SELECT @@GLOBAL.${quoteName(name)} AS value`);
        return [name, row!.value] as const;
      }),
    );
  });
  await withInstance(world, standby, async (connection) => {
    for (const [name, value] of values) {
      await connection.query(`SET GLOBAL ${quoteName(name)} = ?`, [value]);
    }
  }).catch((failure) => {
    // A static one, or a standby that is just being lost: the high availability reconciler restarts that.
    log.info({ err: failure, operation: operation.id }, 'the standby takes them at its next start');
  });
}

async function setVariable(
  connection: Connection,
  { name, dataType }: MysqlConfiguration,
  value: string,
  { strict }: { strict: boolean },
): Promise<void> {
  // A number in quotes is refused for a numeric variable, one without them for a text (MySQL's manual, SET: error 1232).
  const isNumber = dataType === 'Integer' || dataType === 'Numeric';
  const literal = isNumber && /^-?\d+(\.\d+)?$/.test(value) ? value : connection.escape(value);
  try {
    await connection.query(`SET GLOBAL ${quoteName(name)} = ${literal}`);
  } catch (cause) {
    throw new ArmError(
      'InvalidParameterValue',
      400,
      `${name} cannot be set to “${value}”: ${(cause as Error).message}`,
      {
        target: name,
        cause,
      },
    );
  }
  if (!strict || !isNumber || SETTLES_LATER.has(name)) return;
  const [now] = await rows<{ value: string }>(connection, `SELECT CONCAT(@@GLOBAL.${quoteName(name)}) AS value`);
  if (now?.value === value || Number(now?.value) === Number(value)) return;
  throw new ArmError(
    'InvalidParameterValue',
    400,
    `${name} cannot be ${value} together with this server’s other parameters: MySQL would make it ${now?.value}. Send that value, or change what it depends on.`,
    { target: name },
  );
}

/** MySQL rounds it to whole chunks and gets there while it runs. */
const SETTLES_LATER: ReadonlySet<string> = new Set(['innodb_buffer_pool_size', 'innodb_redo_log_capacity']);
