import type { UpgradeCheckResult } from '../../arm/local/upgrade.ts';
import { ensureServerCertificate } from '../mysql/certificates.ts';
import { removeInstance } from '../mysql/data-directory.ts';
import { MysqldFailedError } from '../mysql/process.ts';
import type { MysqlRuntime } from '../mysql/runtime.ts';
import { checkForUpgrade } from '../mysql/upgrade-facts.ts';
import type { OperationContext } from './definition.ts';
import { ensureMysqldRuns, ensureMysqldStopped } from './mysqld.ts';
import { replayLog } from './replay-log.ts';
import { planRestoring, restoringInto, unpackFullBackup, writeReplayLog, type Restoring } from './restore-steps.ts';
import { certificateNames, primaryOf, serverOf, withInstance } from './server-steps.ts';
import { result } from './upgrade-judgement.ts';
import { mysqlInstance, type World } from './world.ts';

type Context = OperationContext<World>;

/** MySQL takes over a data directory of any size within this time, or it hangs. */
export const TAKE_OVER_MS = 60 * 60_000;

export interface Rehearsal {
  check: UpgradeCheckResult;
  /** How long the newer MySQL took to start on the older one's data; null where it did not. */
  startMs: number | null;
}

/**
 * The newest moment is restored to an instance that nobody can reach, the newer build is started on that data, and every
 * table and view is checked there. All of it is thrown away, whatever happens. After a death of the daemon it begins anew.
 *
 * @param instanceId of the instance that is thrown away.
 */
export async function rehearseUpgrade(context: Context, to: MysqlRuntime, instanceId: string): Promise<Rehearsal> {
  const { world, signal, log, operation } = context;
  const restoring = restoringOf(context, instanceId);
  const { instance } = restoring;
  await throwAway(context, instanceId);
  const [it, title] = ['rehearsal', 'Rehearsal'];
  try {
    await planRestoring(restoring);
    await unpackFullBackup(restoring);
    await writeReplayLog(restoring);
    const names = certificateNames(serverOf(context));
    await ensureServerCertificate(world.certificateAuthority, mysqlInstance(world, instance), names);
    await replayLog(restoring);
    const started = performance.now();
    await ensureMysqldRuns(world, { ...instance, runtimeId: to.id }, 'restoring', { timeoutMs: TAKE_OVER_MS });
    const startMs = Math.round(performance.now() - started);
    const { checked, problems } = await withInstance(world, instance, (own) => checkForUpgrade(own, signal));
    if (problems.length > 0) {
      const message =
        'In a copy that was restored and upgraded beside the server, these tables or views are not right.';
      return { check: result(it, title, 'Failed', message, problems), startMs };
    }
    const what = checked === 1 ? 'the one table or view' : `all ${checked} tables and views`;
    const message = `The newest backup was restored beside the server and upgraded: MySQL took its data over in ${seconds(startMs)}, and ${checked === 0 ? 'there was no table to check' : `${what} ${checked === 1 ? 'is' : 'are'} right`}.`;
    return { check: result(it, title, 'Passed', message), startMs };
  } catch (failure) {
    if (!(failure instanceof MysqldFailedError)) throw failure;
    log.warn({ err: failure, operation: operation.id }, 'the rehearsal’s mysqld does not start');
    const message =
      'MySQL did not start on a copy of the data that was restored beside the server. The server was not touched.';
    return { check: result(it, title, 'Failed', message), startMs: null };
  } finally {
    await throwAway(context, instanceId);
  }
}

export async function throwAway(context: Context, instanceId: string): Promise<void> {
  const { world } = context;
  const { instance } = restoringOf(context, instanceId);
  await ensureMysqldStopped(world, instance, 'kill');
  await removeInstance(mysqlInstance(world, instance));
}

/** An instance of no row: it lives for one step, and is found again by its option file. */
function restoringOf(context: Context, instanceId: string): Restoring {
  return restoringInto(
    { ...primaryOf(context), id: instanceId, process: undefined, desired: 'stopped', restarts: [] },
    context,
  );
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
