import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ArmError } from '../../arm/error.ts';
import { ensureBackupKey } from '../backup/backup-keys.ts';
import { readArchive } from '../backup/catalog.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { momentText } from '../backup/moment.ts';
import { planRestore, type RestoreRefusal, type UnreachableTail } from '../backup/restore-plan.ts';
import { DamagedBackupError, runTask } from '../backup/tasks.ts';
import { instancePaths } from '../mysql/instance.ts';
import { readExecuted } from '../mysql/replication.ts';
import { giveFolderToMysqld, giveToMysqld } from '../mysql/user.ts';
import { readFullBackup, updateFullBackup } from '../store/full-backups.ts';
import { findPrimary, type InstanceRow } from '../store/instances.ts';
import { listLogSegments, updateLogSegment } from '../store/log-segments.ts';
import { readRestore, writeRestore, type Restore } from '../store/restores.ts';
import { readServer, type ServerRow } from '../store/servers.ts';
import { bringBack, segmentOf, stores } from './backup-stores.ts';
import type { OperationContext } from './definition.ts';
import { findMysqld } from './mysqld.ts';
import { serverIdOf, withInstance } from './server-steps.ts';
import { mysqlInstance, type World } from './world.ts';

const ARCHIVED_MS = 20_000;

/** One restore under way: into that instance, remembered by `save`. */
export interface Restoring {
  world: World;
  instance: InstanceRow;
  signal: AbortSignal;
  read(): Restore;
  save(change: Partial<Restore>): void;
}

/** What an operation restores. @param instance where the data is to lie. */
export function restoringInto(
  instance: InstanceRow,
  { world, operation, signal }: Pick<OperationContext<World>, 'world' | 'operation' | 'signal'>,
): Restoring {
  const { database } = world;
  const read = () => {
    const found = readRestore(database, operation.id);
    if (!found) throw new Error('What is to be restored is not known any more.');
    return found;
  };
  const save = (change: Partial<Restore>) =>
    writeRestore(database, operation.id, serverIdOf({ operation }), { ...read(), ...change });
  return { world, instance, signal, read, save };
}

/** What is wanted is archived, and how to get there is decided; what is damaged is gone around. */
export async function planRestoring({ world, read, save }: Restoring): Promise<void> {
  const { database, archives } = world;
  const { sourceServerId, asked, geo, plan: known } = read();
  if (known) return;
  const source = readServer(database, sourceServerId);
  if (!geo && source.deletedAt === null) await archiveAll(world, source, asked);
  const archive = readArchive({ database, archives }, sourceServerId, { geo });
  const planning = planRestore(archive, asked);
  if ('refused' in planning)
    throw notRestorable(asked, planning.refused, {
      isLive: !geo && source.deletedAt === null && source.state === 'Ready',
    });
  const { fullBackup, segments, moment, gtidsBefore } = planning.plan;
  const segmentIds = segments.map(({ id }) => id);
  const bytesTotal = fullBackup.dataBytes + segments.reduce((sum, { plainBytes }) => sum + plainBytes, 0);
  save({ plan: { fullBackupId: fullBackup.id, segmentIds, moment, gtidsBefore }, bytesTotal, bytesDone: 0 });
}

/** The primary's newest transactions are in the archive's closed segments. */
async function archiveAll(world: World, source: ServerRow, asked: number | null): Promise<void> {
  const { database, archives, log } = world;
  const primary = findPrimary(database, source.id);
  const covered = archives.status(source.id)?.coveredUntil ?? 0;
  if (primary && findMysqld(world, primary) && (asked === null || asked > covered)) {
    try {
      const executed = await withInstance(world, primary, readExecuted);
      const done = await archives.waitFor(source.id, GtidSet.parse(executed), ARCHIVED_MS);
      if (!done) log.warn({ server: source.id }, 'the newest transactions are not archived yet');
    } catch (failure) {
      log.warn({ err: failure, server: source.id }, 'the server could not be asked for its newest transaction');
    }
  }
  await archives.measure(source.id);
  await archives.flush(source.id);
}

/** @param options.isLive the server runs its schedule: what has no full backup gets one. */
export function notRestorable(
  asked: number | null,
  { before, after, tail }: RestoreRefusal,
  { isLive }: { isLive: boolean },
): ArmError {
  const near = [
    ...(before === undefined ? [] : [{ code: 'NearestRestorePoint', target: 'before', message: momentText(before) }]),
    ...(after === undefined ? [] : [{ code: 'NearestRestorePoint', target: 'after', message: momentText(after) }]),
  ];
  const words =
    asked !== null
      ? `The server cannot be restored to ${momentText(asked)}: the backups do not reach that moment.`
      : before === undefined
        ? 'The server has no backup to restore from yet.'
        : 'The server cannot be restored to its latest moment.';
  const what = tail && before !== undefined ? `${words} ${tailWords(tail, { isLive })}` : words;
  const nearest = near.map(({ target, message }) => `${message} (${target})`).join(' and ');
  return new ArmError(
    'RestorePointNotAvailable',
    409,
    nearest ? `${what} The nearest that can be: ${nearest}.` : what,
    {
      target: 'properties.restorePointInTime',
      details: near,
    },
  );
}

/** Why the end of the log cannot be restored, and what helps. */
export function tailWords({ why }: UnreachableTail, { isLive }: { isLive: boolean }): string {
  if (why === 'Broken') {
    return `A part of the newest log is damaged or missing.${isLive ? ' Make a backup now to go on from here.' : ''}`;
  }
  return isLive
    ? 'The log began anew, and its first full backup is being taken: try again when it is done.'
    : 'The log began anew, and no full backup was taken since.';
}

/** The full backup lies in the instance's data directory, as if mysqld had been stopped there. */
export async function unpackFullBackup(restoring: Restoring): Promise<void> {
  const { world, instance, signal, read, save } = restoring;
  const { database, paths } = world;
  const { folder, dataDirectory, keyringFile, temporaryFolder } = foldersOf(world, instance);
  for (;;) {
    const { sourceServerId, plan, geo, notes, damage: damaged = [] } = read();
    const source = readServer(database, sourceServerId);
    const backup = plan && readFullBackup(database, plan.fullBackupId);
    if (!backup) {
      save({ plan: null });
      await planRestoring(restoring);
      continue;
    }
    // Certificates stay: they may have been issued before a replay died.
    for (const path of [dataDirectory, keyringFile, temporaryFolder]) await rm(path, { recursive: true, force: true });
    await mkdir(temporaryFolder, { recursive: true, mode: 0o700 });
    await giveToMysqld(folder, temporaryFolder);
    const key = await ensureBackupKey(paths.home, source);
    let damage: DamagedBackupError | undefined;
    const [first, second] = stores(world, source, geo);
    for (const store of [first, second]) {
      try {
        const targets = { data: dataDirectory, keyring: keyringFile };
        await runTask<'unpack'>(
          { kind: 'unpack', source: store.full(backup.id), checksum: backup.sha256, targets, key },
          { signal, progress: (bytesDone) => save({ bytesDone }) },
        );
        await giveFolderToMysqld(dataDirectory);
        await giveToMysqld(keyringFile);
        save({ bytesDone: backup.dataBytes, eventsBefore: undefined, phase: undefined });
        const told = damage && (await bringBack(world, damage, { from: store.full(backup.id), to: first }));
        if (told) save({ notes: [...notes, told] });
        return;
      } catch (failure) {
        if (!(failure instanceof DamagedBackupError)) throw failure;
        // The first store's is the one that people should hear of.
        damage ??= failure;
        await rm(dataDirectory, { recursive: true, force: true });
      }
    }
    const problem = damage!.message;
    updateFullBackup(database, backup.id, { state: 'Damaged', problem });
    const note = `${problem} Another way was tried instead of backup “${backup.name}”.`;
    save({ plan: null, notes: [...notes, note], damage: [...damaged, problem] });
    await replan(restoring, problem);
  }
}

async function replan(restoring: Restoring, problem: string): Promise<void> {
  try {
    await planRestoring(restoring);
  } catch (failure) {
    if (!(failure instanceof ArmError)) throw failure;
    throw new ArmError(failure.code, 409, `${problem} ${failure.message}`, failure.toDetail());
  }
}

/** The log up to the wanted moment lies in the data directory as relay logs. */
export async function writeReplayLog(restoring: Restoring): Promise<void> {
  const { world, instance, signal, read, save } = restoring;
  const { database, paths } = world;
  const { dataDirectory } = foldersOf(world, instance);
  const broughtBack = new Set<string>();
  read: for (;;) {
    const { sourceServerId, plan, geo, notes, damage: damaged = [] } = read();
    if (!plan) throw new Error('There is no plan.');
    const backup = readFullBackup(database, plan.fullBackupId);
    const source = readServer(database, sourceServerId);
    const key = await ensureBackupKey(paths.home, source);
    const rows = new Map(listLogSegments(database, sourceServerId).map((row) => [row.id, row]));
    let damage: DamagedBackupError | undefined;
    const [first, second] = stores(world, source, geo);
    for (const store of [first, second]) {
      try {
        const segments = plan.segmentIds.map((id) => ({ segment: rows.get(id)!, path: store.segment(id) }));
        const { moment, gtidsBefore } = plan;
        await removeRelayLogs(dataDirectory);
        const { transactions, expected, events } = await runTask<'relay'>(
          { kind: 'relay', segments, dataDirectory, moment, gtidsBefore, key },
          { signal, progress: (bytes) => save({ bytesDone: (backup?.dataBytes ?? 0) + bytes }) },
        );
        await giveFolderToMysqld(dataDirectory);
        const { bytesTotal } = read();
        save({ replay: { transactions, expected, events }, transactionsTotal: transactions, bytesDone: bytesTotal });
        return;
      } catch (failure) {
        if (!(failure instanceof DamagedBackupError)) throw failure;
        damage ??= failure;
        // Each of two stores may be damaged elsewhere: piece by piece they make a whole one.
        const id = segmentOf(failure);
        if (store !== first || broughtBack.has(id)) continue;
        broughtBack.add(id);
        const isWhole = await runTask<'check'>(
          { kind: 'check', path: second.segment(id), checksum: rows.get(id)?.sha256 ?? null, key },
          { signal },
        ).then(
          () => true,
          () => false,
        );
        const told = isWhole && (await bringBack(world, failure, { from: second.segment(id), to: first }));
        if (!told) continue;
        save({ notes: [...notes, told] });
        continue read;
      }
    }
    const problem = damage!.message;
    const id = segmentOf(damage!);
    updateLogSegment(database, id, { state: 'damaged', problem });
    const before = plan.fullBackupId;
    save({ plan: null, notes: [...notes, `${problem} Another way was tried.`], damage: [...damaged, problem] });
    await replan(restoring, problem);
    if (read().plan?.fullBackupId !== before) await unpackFullBackup(restoring);
  }
}

/** Where a restore puts what. */
export function foldersOf(world: World, instance: InstanceRow) {
  const place = mysqlInstance(world, instance);
  return { folder: place.folder, ...instancePaths(place) };
}

export async function removeRelayLogs(dataDirectory: string): Promise<void> {
  for (const name of await readdir(dataDirectory).catch(() => [])) {
    if (/^relay\.(\d+|index)$/.test(name)) await rm(join(dataDirectory, name), { force: true });
  }
}
