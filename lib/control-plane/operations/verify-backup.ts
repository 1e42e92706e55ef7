import { quoteName, rows, type Connection } from '../mysql/client.ts';
import { rollBackPrepared } from '../mysql/prepared-transactions.ts';
import { removeInstance } from '../mysql/data-directory.ts';
import { ensureServerCertificate } from '../mysql/certificates.ts';
import {
  listBackupVerifications,
  writeBackupVerification,
  type BackupVerificationRow,
} from '../store/backup-verifications.ts';
import { readFullBackup } from '../store/full-backups.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { ensureMysqldStopped, ensureMysqldRuns } from './mysqld.ts';
import { replayLog } from './replay-log.ts';
import { planRestoring, restoringInto, unpackFullBackup, writeReplayLog, type Restoring } from './restore-steps.ts';
import { certificateNames, primaryOf, serverIdOf, serverOf, withInstance } from './server-steps.ts';
import { mysqlInstance, type World } from './world.ts';

export interface VerifyBackupInput {
  /** Of the instance that is thrown away. */
  instanceId: string;
}

/** Nobody else is there. */
const LOCK_SECONDS = 60;

type Context = OperationContext<World, VerifyBackupInput>;

/** The newest moment is restored to an instance that nobody can reach, every table is read through, and all of it is thrown away. */
export const verifyBackup: OperationDefinition<World, VerifyBackupInput> = {
  armName: 'VerifyBackupManagementOperation',
  title: 'Verify backup',
  action: 'Flexdeck.Local/flexibleServers/verifyBackup/action',
  exclusive: false,
  lane: 'verification',
  whenAStepFails: 'undo',
  steps: [
    {
      name: 'verificationPlanned',
      stage: 'Choosing the newest backup',
      ensure: (context) => planRestoring(restoringOf(context)),
    },
    {
      name: 'backupTried',
      stage: 'Restoring and checking the newest backup',
      ensure: tryBackup,
      undo: throwAway,
    },
  ],
  succeeded: (context) => record(context, { status: 'Succeeded' }),
  failed: (context, { message }) => record(context, { status: 'Failed', problem: message }),
  story({ world: { database }, operation }) {
    const row = listBackupVerifications(database, operation.serverId!).find(({ id }) => id === operation.id);
    return row && `${row.tablesChecked ?? 0} tables of backup “${row.fullBackup}” were restored and checked.`;
  },
};

/** One step: what it makes is gone when it ends, whatever happens; after a death of the daemon it begins anew. */
async function tryBackup(context: Context): Promise<void> {
  const { world } = context;
  const restoring = restoringOf(context);
  const { instance } = restoring;
  await throwAway(context);
  try {
    await unpackFullBackup(restoring);
    await writeReplayLog(restoring);
    await ensureServerCertificate(
      world.certificateAuthority,
      mysqlInstance(world, instance),
      certificateNames(serverOf(context)),
    );
    await replayLog(restoring);
    await ensureMysqldRuns(world, instance, 'restoring');
    const checked = await withInstance(world, instance, (connection) => checkTables(connection, context.signal));
    const { plan, damage = [] } = restoring.read();
    const fullBackup = readFullBackup(world.database, plan!.fullBackupId)?.name ?? '';
    record(context, { ...checked, moment: plan!.moment, fullBackup });
    // Another way was found; but what was to be tried is not what it ought to be.
    if (damage.length > 0) {
      throw new Error(`${damage.join(' ')} The newest moment can still be restored, from backup “${fullBackup}”.`);
    }
  } finally {
    await throwAway(context);
  }
}

async function throwAway(context: Context): Promise<void> {
  const { world } = context;
  const { instance } = restoringOf(context);
  await ensureMysqldStopped(world, instance, 'kill');
  await removeInstance(mysqlInstance(world, instance));
}

/** @throws {Error} that names the first table that is not whole. */
async function checkTables(
  connection: Connection,
  signal: AbortSignal,
): Promise<{ tablesChecked: number; rowsChecked: number }> {
  // They were restored as they were, and hold their tables; the server's own limits are for its clients.
  await rollBackPrepared(connection);
  await connection.query(
    `SET SESSION lock_wait_timeout = ${LOCK_SECONDS}, SESSION max_execution_time = 0, SESSION sql_select_limit = 18446744073709551615`,
  );
  const tables = await rows<{ database: string; name: string }>(
    connection,
    `SELECT table_schema AS \`database\`, table_name AS name FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('information_schema', 'performance_schema')
        AND (table_schema <> 'mysql' OR engine = 'InnoDB')`,
  );
  let rowsChecked = 0;
  let tablesChecked = 0;
  for (const { database, name } of tables) {
    signal.throwIfAborted();
    const table = `${quoteName(database)}.${quoteName(name)}`;
    const said = await rows<{ Msg_type: string; Msg_text: string }>(connection, `CHECK TABLE ${table}`);
    const fault = said.find(({ Msg_type: type }) => type.toLowerCase() === 'error');
    if (fault) throw new Error(`The table ${database}.${name} is not whole: ${fault.Msg_text}`);
    if (database === 'mysql' || database === 'sys') continue;
    const [count] = await rows<{ count: number | string }>(connection, `SELECT count(*) AS count FROM ${table}`);
    rowsChecked += Number(count!.count);
    tablesChecked += 1;
  }
  return { tablesChecked, rowsChecked };
}

function record(context: Context, change: Partial<BackupVerificationRow>): void {
  const { world, operation } = context;
  const { database, clock } = world;
  const serverId = serverIdOf(context);
  const known = listBackupVerifications(database, serverId).find(({ id }) => id === operation.id);
  writeBackupVerification(database, {
    id: operation.id,
    serverId,
    startedAt: operation.startedAt,
    fullBackup: '',
    moment: null,
    tablesChecked: null,
    rowsChecked: null,
    problem: null,
    status: 'InProgress',
    ...known,
    ...change,
    endedAt: change.status ? clock.now() : null,
  });
}

/** An instance of no row: it lives for one step, and is found again by its option file. */
function restoringOf(context: Context): Restoring {
  return restoringInto(
    { ...primaryOf(context), id: context.input.instanceId, process: undefined, desired: 'stopped', restarts: [] },
    context,
  );
}
