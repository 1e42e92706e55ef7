import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ArmError } from '../../arm/error.ts';
import { ensureBackupKey } from '../backup/backup-keys.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { makeStoreFolders, storePaths } from '../backup/store-layout.ts';
import { runTask } from '../backup/tasks.ts';
import { rows, type Connection } from '../mysql/client.ts';
import { instancePaths } from '../mysql/instance.ts';
import { readExecuted } from '../mysql/replication.ts';
import { readFullBackup, updateFullBackup, type FullBackupRow } from '../store/full-backups.ts';
import { listInstances } from '../store/instances.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import { findMysqld } from './mysqld.ts';
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
const COPY_ATTEMPTS = 3;
/** For so long a server that was lost may be away. */
const BACK_MS = 60_000;
/** Its connections end before it does. */
const DYING_MS = 2000;

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
    return backup && `${Math.ceil(backup.dataBytes / 1024 ** 2)} MiB of data, backed up as “${backup.name}”.`;
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

/** A mysqld that dies meanwhile, or gives its place to another, is no reason to give up. */
async function copyData(context: Context): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const before = sourceOf(context);
    try {
      return await copyOnce(context);
    } catch (failure) {
      const mayComeBack = before !== undefined && attempt < COPY_ATTEMPTS && !context.signal.aborted;
      if (!mayComeBack || !(await isAnother(context, before))) throw failure;
      context.log.warn({ err: failure, server: serverIdOf(context) }, 'the copy is begun anew: its server was lost');
    }
  }
}

/** Which process the data is copied from. */
function sourceOf(context: Context): string | undefined {
  const primary = primaryOf(context);
  const running = findMysqld(context.world, primary);
  return running && `${primary.id} ${running.pid}`;
}

/** Resolves true once another process has taken the place of that one; false while that still runs, or none comes. */
async function isAnother(context: Context, before: string): Promise<boolean> {
  const start = Date.now();
  for (; Date.now() - start < BACK_MS && !context.signal.aborted; await delay(200)) {
    const source = sourceOf(context);
    if (source === before && Date.now() - start > DYING_MS) return false;
    if (source !== before && source !== undefined && serverOf(context).state === 'Ready') return true;
  }
  return false;
}

async function copyOnce(context: Context): Promise<void> {
  const { world, input, operation, signal } = context;
  const { archives, database, clock } = world;
  const server = serverOf(context);
  if (server.state !== 'Ready' && server.state !== 'Updating') {
    throw new ArmError('OperationNotAllowed', 409, 'The server does not run. Start it first.', {
      target: operation.resourceId,
    });
  }
  await withServer(context, endClones);
  await removeCopy(context);
  const primary = primaryOf(context);
  const folder = copyFolder(world, primary.id, input.backupId);
  const gtids = await withServer(context, readExecuted);
  await requireArchived(context, gtids);
  const chainId = archives.chainId(server.id)!;
  await withServer(context, async (connection) => {
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        await connection.query(`CLONE LOCAL DATA DIRECTORY = ${connection.escape(folder)}`);
        return;
      } catch (failure) {
        const { code } = failure as { code?: string };
        // A standby is being made, or what a daemon that died left behind has not ended yet.
        if ((code !== CLONE_BUSY && code !== 'ER_DB_CREATE_EXISTS') || attempt === CLONE_ATTEMPTS) throw failure;
        if (code !== CLONE_BUSY) await rm(folder, { recursive: true, force: true });
        await delay(500);
      }
    }
  });
  if (archives.chainId(server.id) !== chainId) {
    throw new ArmError('ArchiveInterrupted', 409, 'The server’s binary log was reset during the backup.');
  }
  // The clock may say that it is earlier than what is in the copy.
  await requireArchived(context, await withServer(context, readExecuted));
  const moment = Math.max(clock.now() * 1000, archives.status(server.id)?.lastMoment ?? 0);
  updateFullBackup(database, input.backupId, { chainId, gtidsAtStart: gtids.replaceAll('\n', ''), moment });
}

/** What a backup is worth nothing without. */
async function requireArchived({ world, operation }: Context, gtids: string): Promise<void> {
  if (await world.archives.waitFor(operation.serverId!, GtidSet.parse(gtids), ARCHIVE_MS)) return;
  const { reason } = world.archives.status(operation.serverId!) ?? {};
  const message = 'The server’s log is not being archived, so a backup could not go on from here.';
  throw new ArmError('ArchiveNotReady', 409, reason ? `${message} ${reason}` : message);
}

/** Those of a daemon that died: they go on without it, and MySQL makes one copy at a time. */
async function endClones(connection: Connection): Promise<void> {
  const clones = await rows<{ id: number }>(
    connection,
    `SELECT id FROM performance_schema.processlist
      WHERE info LIKE 'CLONE LOCAL DATA DIRECTORY%' AND id <> CONNECTION_ID()`,
  ).catch(() => []);
  // It may have ended by itself.
  for (const { id } of clones) await connection.query('KILL ?', [id]).catch(() => {});
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
  const key = await ensureBackupKey(world.paths.home, serverOf(context));
  const roots = { data: folder, keyring: keyring.keyringFile };
  const packed = await runTask<'pack'>({ kind: 'pack', roots, target: unfinished, key }, { signal });
  await rename(unfinished, target);
  const { dataBytes, storedBytes, files, checksum: sha256 } = packed;
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
    await world.archives.measure(serverId);
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
