import { ArmError } from '../../arm/error.ts';
import { ensureServerCertificate } from '../mysql/certificates.ts';
import { removeInstance } from '../mysql/data-directory.ts';
import { mysqldOptions } from '../mysql/options.ts';
import { killMysqld, MysqldFailedError } from '../mysql/process.ts';
import type { MysqlRuntime } from '../mysql/runtime.ts';
import type { Connection } from '../mysql/client.ts';
import { readVariables, trialStart } from '../mysql/trial-start.ts';
import type { ServerRow } from '../store/servers.ts';
import type { OperationContext } from './definition.ts';
import { findMysqld } from './mysqld.ts';
import { certificateNames, primaryOf, serverOf } from './server-steps.ts';
import { mysqlInstance, runtimeOf, sizeOf, type World } from './world.ts';

type Context = OperationContext<World>;

/**
 * A mysqld with the server's options as they would be starts, on an empty data directory of its own.
 *
 * @param changed system variables that a person changes.
 * @param exactly those of them that are to have just the value that was sent; MySQL may make another of it.
 * @throws {ArmError} InvalidParameterValue 400, before anything of the server was touched.
 */
export async function ensureParametersStart(
  context: Context,
  overrides: ServerRow['overrides'],
  changed: readonly string[],
  exactly: readonly string[],
): Promise<void> {
  const { world, operation, log } = context;
  const runtime = runtimeOf(world, primaryOf(context).runtimeId);
  const values = await startOnTrial(context, runtime, overrides, readVariables).catch((cause: unknown) => {
    if (!(cause instanceof MysqldFailedError)) throw cause;
    log.warn({ err: cause, operation: operation.id }, 'the trial start failed');
    throw new ArmError('InvalidParameterValue', 400, doesNotStart(overrides, changed), { target: changed[0], cause });
  });
  for (const name of exactly) {
    const wanted = overrides[name];
    const got = values.get(name);
    if (wanted === undefined || got === undefined || isSameNumber(wanted, got)) continue;
    throw new ArmError(
      'InvalidParameterValue',
      400,
      `${name} cannot be ${wanted} together with this server’s other parameters: MySQL would make it ${got}. Send that value, or change what it depends on.`,
      { target: name },
    );
  }
}

/**
 * Another build of MySQL starts with the server's options as they are.
 *
 * @throws {ArmError} MaintenanceFailed 409, before anything of the server was touched.
 */
export async function ensureRuntimeStarts(context: Context, runtime: MysqlRuntime): Promise<void> {
  await startOnTrial(context, runtime, serverOf(context).overrides, async () => {}).catch((cause: unknown) => {
    if (!(cause instanceof MysqldFailedError)) throw cause;
    context.log.warn({ err: cause, operation: context.operation.id }, 'the trial start failed');
    throw new ArmError(
      'MaintenanceFailed',
      409,
      `MySQL ${runtime.fullVersion} does not start with this server’s parameters. That was tried beside the server, which has not been touched.`,
      { cause },
    );
  });
}

/**
 * A mysqld of that build starts on an empty data directory, with the options that the server would have with these
 * overrides, and is asked.
 *
 * @throws {MysqldFailedError} when it does not start; what `look` throws.
 */
export async function startOnTrial<T>(
  context: Context,
  runtime: MysqlRuntime,
  overrides: ServerRow['overrides'],
  look: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { world, operation, signal } = context;
  const server = serverOf(context);
  // Named by the operation, so that one who comes after a daemon's death finds what that left.
  const row = { ...primaryOf(context), id: operation.id, process: undefined };
  const instance = mysqlInstance(world, row);
  const left = findMysqld(world, row);
  if (left) await killMysqld(left);
  await removeInstance(instance);
  // The server itself says, when it is set, whether it knows a time zone: an empty data directory knows none by name.
  const { time_zone: _, ...others } = overrides;
  const options = mysqldOptions(instance, sizeOf(server.intent), others, world.machine);
  const template = await world.template(runtime);
  const prepare = async () => {
    await ensureServerCertificate(world.certificateAuthority, instance, certificateNames(server));
  };
  return trialStart({ runtime, instance, options, template, prepare, signal }, look);
}

function doesNotStart(overrides: ServerRow['overrides'], changed: readonly string[]): string {
  const all = Object.entries(overrides).map(([name, value]) => `${name} = ${value}`);
  const what = changed.length === 1 ? `with this value of ${changed[0]}` : `with these values of ${changed.join(', ')}`;
  const others = all.length > changed.length ? ` The server has these parameters set: ${all.join(', ')}.` : '';
  return `MySQL does not start ${what}; that was tried beside the server, which has not been touched.${others}`;
}

/** Texts are compared where they are set; numbers are what MySQL changes without a word. */
function isSameNumber(wanted: string, got: string): boolean {
  if (!/^-?\d+(\.\d+)?$/.test(wanted) || !/^-?\d+(\.\d+)?$/.test(got)) return true;
  return wanted === got || Number(wanted) === Number(got);
}
