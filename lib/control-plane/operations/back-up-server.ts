import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ArmError } from '../../arm/error.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { ensureBackupKey, makeStoreFolders, storePaths } from '../backup/store-layout.ts';
import { runTask } from '../backup/tasks.ts';
import { instancePaths } from '../mysql/instance.ts';
import { readExecuted } from '../mysql/replication.ts';
import { readFullBackup, updateFullBackup, type FullBackupRow } from '../store/full-backups.ts';
import { listInstances } from '../store/instances.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { primaryOf, serverIdOf, serverOf, withServer } from './server-steps.ts';
import { mysqlInstance, type World } from './world.ts';

export interface BackUpServerInput {
  backupId: string;
}

type Context = OperationContext<World, BackUpServerInput>;

/** The archive must have begun: what is copied is worth nothing without the log from there on. */
const ARCHIVE_MS = 30_000;
const CLONE_BUSY = 'ER_CLONE_TOO_MANY_CONCURRENT_CLONES';
const CLONE_ATTEMPTS = 20;

/** A full backup, on demand or by the schedule. Writes go on; so may other operations. */
export const backUpServer: OperationDefinition<World, BackUpServerInput> = {
  armName: 'CreateBackupManagementOperation',
  title: 'Back up server',
  action: 'Microsoft.DBforMySQL/flexibleServers/backups/write',
  exclusive: false,
  lane: 'backup',
  whenAStepFails: 'undo',
  steps: [
    { name: 'copied', stage: 'Copying the data', ensure: copyData, undo: removeCopy },
    {
      name: 'packed',
      stage: 'Encrypting the backup',
      ensure: packCopy,
      async undo(context) {
        const { full } = pathsOf(context);
        const { backupId } = context.input;
        await Promise.all([full(backupId), `${full(backupId)}.unfinished`].map((file) => rm(file, { force: true })));
      },
    },
    { name: 'copyRemoved', stage: 'Removing the copy', ensure: removeCopy },
    { name: 'logCovered', stage: 'Waiting for the log', ensure: waitForLog },
  ],
  succeeded({ world: { database, clock }, input }) {
    updateFullBackup(database, input.backupId, { state: 'Succeeded', completedAt: clock.now() });
  },
  failed({ world: { database, clock }, input }, { message }) {
    updateFullBackup(database, input.backupId, { state: 'Failed', problem: message, completedAt: clock.now() });
  },
  story({ world: { database }, input }) {
    const backup = readFullBackup(database, input.backupId);
    return backup && `Backup “${backup.name}” of ${Math.ceil(backup.dataBytes / 1024 ** 2)} MiB.`;
  },
};

function rowOf({ world, input }: Context): FullBackupRow {
  const row = readFullBackup(world.database, input.backupId);
  if (!row) throw new Error('The backup is gone.');
  return row;
}

function pathsOf(context: Context) {
  return storePaths(context.world.paths.home, serverOf(context).location, serverIdOf(context));
}

/** Beside the data directory: mysqld's user may write there, and nobody else may look. */
function copyFolder(world: World, instanceId: string, backupId: string): string {
  return join(world.paths.instanceFolder(instanceId), `full-${backupId}`);
}

async function copyData(context: Context): Promise<void> {
  const { world, input, operation, signal } = context;
  const { archives, database, clock } = world;
  const server = serverOf(context);
  if (server.state !== 'Ready' && server.state !== 'Updating') {
    throw new ArmError('OperationNotAllowed', 409, 'The server does not run. Start it first.', {
      target: operation.resourceId,
    });
  }
  await removeCopy(context);
  const primary = primaryOf(context);
  const folder = copyFolder(world, primary.id, input.backupId);
  const gtids = await withServer(context, readExecuted);
  if (!(await archives.waitFor(server.id, GtidSet.parse(gtids), ARCHIVE_MS))) {
    throw new ArmError(
      'ArchiveNotReady',
      409,
      'The server’s log is not being archived, so a backup could not go on from here.',
    );
  }
  const chainId = archives.chainId(server.id)!;
  await withServer(context, async (connection) => {
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        await connection.query(`CLONE LOCAL DATA DIRECTORY = ${connection.escape(folder)}`);
        return;
      } catch (failure) {
        const { code } = failure as { code?: string };
        // A standby is being made, or a daemon that died left one behind that still runs.
        if ((code !== CLONE_BUSY && code !== 'ER_DB_CREATE_EXISTS') || attempt === CLONE_ATTEMPTS) throw failure;
        if (code !== CLONE_BUSY) await rm(folder, { recursive: true, force: true });
        await delay(500);
      }
    }
  });
  if (archives.chainId(server.id) !== chainId) {
    throw new ArmError('ArchiveInterrupted', 409, 'The server’s binary log was reset during the backup.');
  }
  const moment = clock.now() * 1000;
  updateFullBackup(database, input.backupId, { chainId, gtidsAtStart: gtids.replaceAll('\n', ''), moment });
}

async function packCopy(context: Context): Promise<void> {
  const { world, signal } = context;
  const row = rowOf(context);
  const paths = pathsOf(context);
  await makeStoreFolders(paths);
  const target = paths.full(row.id);
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { force: true });
  const { instanceId, folder } = await findCopy(context);
  const keyring = instancePaths({
    ...mysqlInstance(world, primaryOf(context)),
    folder: world.paths.instanceFolder(instanceId),
  });
  const key = await ensureBackupKey(world.paths.home, row.serverId);
  const roots = { data: folder, keyring: keyring.keyringFile };
  const packed = await runTask<'pack'>({ kind: 'pack', roots, target: unfinished, key }, { signal });
  await rename(unfinished, target);
  const { dataBytes, storedBytes, files, sha256 } = packed;
  updateFullBackup(world.database, row.id, { dataBytes, storedBytes, files, sha256 });
}

/**
 * The archive reaches the moment of the copy, as it does within a second: before that the backup leads nowhere, and would
 * not if the server were deleted right now. That of a server which stopped meanwhile does when it runs again.
 */
async function waitForLog(context: Context): Promise<void> {
  const { world, signal } = context;
  const { serverId, moment } = rowOf(context);
  const end = Date.now() + ARCHIVE_MS;
  while ((world.archives.status(serverId)?.coveredUntil ?? 0) < moment! && Date.now() < end) {
    signal.throwIfAborted();
    await delay(50);
  }
}

/** After a failover it lies with the former primary. */
async function findCopy({ world, input, operation }: Context): Promise<{ instanceId: string; folder: string }> {
  for (const { id } of listInstances(world.database, operation.serverId!)) {
    const folder = copyFolder(world, id, input.backupId);
    if (await stat(folder).catch(() => undefined)) return { instanceId: id, folder };
  }
  throw new Error('The copy is gone.');
}

async function removeCopy({ world, input, operation }: Context): Promise<void> {
  for (const { id } of listInstances(world.database, operation.serverId!)) {
    await rm(copyFolder(world, id, input.backupId), { recursive: true, force: true });
  }
}
