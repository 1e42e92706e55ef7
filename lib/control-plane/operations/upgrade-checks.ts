import type { UpgradeCheckResult } from '../../arm/local/upgrade.ts';
import { ArmError } from '../../arm/error.ts';
import { cloneBytes, freeBytesOf } from '../mysql/data-directory.ts';
import { MysqldFailedError } from '../mysql/process.ts';
import { findNamesLike, readBuildFacts, readServerUse, type BuildFacts } from '../mysql/upgrade-facts.ts';
import type { MysqlRuntime } from '../mysql/runtime.ts';
import { listFullBackups } from '../store/full-backups.ts';
import type { ServerRow } from '../store/servers.ts';
import type { OperationContext } from './definition.ts';
import { primaryOf, serverOf, withServer } from './server-steps.ts';
import { startOnTrial } from './trial.ts';
import {
  judgeAccounts,
  judgeDefaults,
  judgeFeatures,
  judgeParameters,
  judgeReservedWords,
  judgeSpace,
  judgeTransactions,
  newlyReserved,
  result,
} from './upgrade-judgement.ts';
import { mysqlInstance, runtimeOf, type World } from './world.ts';

type Context = OperationContext<World>;

/**
 * Asks the server what it uses, and mysqlds of both builds, started beside it on empty data directories, what they have.
 * Touches nothing of the server.
 */
export async function runUpgradeChecks(context: Context, to: MysqlRuntime): Promise<UpgradeCheckResult[]> {
  const { world } = context;
  const server = serverOf(context);
  const { overrides } = server;
  const use = await withServer(context, readServerUse);
  const next = await factsOf(context, to, use.sqlModes);
  const readiness = [judgeHighAvailability(server), await judgeRoom(context), judgeBackups(context)];
  if (!next) {
    const message = `MySQL ${to.series} does not start on this machine with the options of this server’s size.`;
    return [result('parameters', 'Server parameters', 'Failed', message), ...readiness];
  }
  const now = await factsOf(context, runtimeOf(world, primaryOf(context).runtimeId), []);
  const words = now ? newlyReserved(now, next) : [];
  return [
    await judgeStart(context, to, overrides, next),
    ...(now ? [judgeDefaults(overrides, now, next)] : []),
    judgeAccounts(use, next),
    judgeFeatures(use, next),
    judgeReservedWords(words, await withServer(context, (connection) => findNamesLike(connection, words))),
    judgeTransactions(use),
    ...readiness,
  ];
}

/** @throws {ArmError} UpgradeChecksFailed 409, with each that failed. */
export function refuseFailed(checks: readonly UpgradeCheckResult[], version: string): void {
  const failed = checks.filter(({ outcome }) => outcome === 'Failed');
  if (failed.length === 0) return;
  throw new ArmError(
    'UpgradeChecksFailed',
    409,
    `The server cannot be upgraded to MySQL ${version} as it is; it has not been touched. ${failed.map(wordsOf).join(' ')}`,
    {
      target: 'properties.version',
      details: failed.map((check) => ({ code: 'UpgradeCheckFailed', message: wordsOf(check), target: check.name })),
    },
  );
}

const NAMED = 10;

function wordsOf({ title, message, items }: UpgradeCheckResult): string {
  const named = items.slice(0, NAMED).join(', ');
  const more = items.length > NAMED ? ` and ${items.length - NAMED} more` : '';
  return `${title}: ${message}${named && ` (${named}${more})`}`;
}

/** Undefined where a mysqld of that build does not start. */
async function factsOf(
  context: Context,
  runtime: MysqlRuntime,
  sqlModes: readonly string[],
): Promise<BuildFacts | undefined> {
  try {
    return await startOnTrial(context, runtime, {}, (connection) => readBuildFacts(connection, sqlModes));
  } catch (failure) {
    if (!(failure instanceof MysqldFailedError)) throw failure;
    context.log.warn({ err: failure, operation: context.operation.id }, 'the trial start failed');
    return undefined;
  }
}

/** With what the person set. Where some of it is gone, that is said instead. */
async function judgeStart(
  context: Context,
  to: MysqlRuntime,
  overrides: ServerRow['overrides'],
  next: BuildFacts,
): Promise<UpgradeCheckResult> {
  const judged = judgeParameters(overrides, next);
  if (judged.outcome === 'Failed' || Object.keys(overrides).length === 0) return judged;
  try {
    await startOnTrial(context, to, overrides, async () => {});
    return judged;
  } catch (failure) {
    if (!(failure instanceof MysqldFailedError)) throw failure;
    context.log.warn({ err: failure, operation: context.operation.id }, 'the trial start failed');
    const message = `MySQL ${to.series} does not start with the parameters that were changed on this server. Reset them to their defaults, or change their values.`;
    const items = Object.entries(overrides).map(([name, value]) => `${name} = ${value}`);
    return result(judged.name, judged.title, 'Failed', message, items);
  }
}

function judgeHighAvailability({ haState, haReason }: ServerRow): UpgradeCheckResult {
  const [it, title] = ['highAvailability', 'High availability'];
  if (haState === 'NotEnabled') {
    return result(it, title, 'Passed', 'There is no standby: clients wait while MySQL takes the data over.');
  }
  if (haState === 'Healthy') {
    return result(it, title, 'Passed', 'The standby is upgraded first and takes over: clients wait for that alone.');
  }
  const message = `The standby is not complete (${haReason ?? haState}). Wait until it is Healthy.`;
  return result(it, title, 'Failed', message);
}

async function judgeRoom(context: Context): Promise<UpgradeCheckResult> {
  const instance = mysqlInstance(context.world, primaryOf(context));
  return judgeSpace(await cloneBytes(instance), await freeBytesOf(instance));
}

/** `2026-11-23 06:11 UTC` */
function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function judgeBackups(context: Context): UpgradeCheckResult {
  const { world, operation } = context;
  const newest = listFullBackups(world.database, operation.serverId!).findLast(({ state }) => state === 'Succeeded');
  const archive = world.archives.status(operation.serverId!);
  const [it, title] = ['backup', 'Backups'];
  if (archive?.state === 'Broken' || archive?.state === 'Stopped') {
    const reason = archive.reason ?? 'Nobody says why.';
    return result(it, title, 'Failed', `The server’s log is not archived, so no backup can be made before. ${reason}`);
  }
  const last = newest ? `The newest one is of ${utc(newest.completedAt!)}.` : 'There is none yet.';
  return result(it, title, 'Passed', `A full backup is made right before the upgrade. ${last}`);
}
