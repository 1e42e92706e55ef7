import { copyFile, constants, rename, rm } from 'node:fs/promises';
import { findRegion } from '../../rules/regions.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { listFullBackups, updateFullBackup } from '../store/full-backups.ts';
import { deleteGeoCopyFailure, findGeoCopyFailure, recordGeoCopyFailure } from '../store/geo-copies.ts';
import { listLogSegments, updateLogSegment } from '../store/log-segments.ts';
import type { ServerRow } from '../store/servers.ts';
import { makeStoreFolders, pairedLocation, storePaths, type StorePaths } from './store-layout.ts';

interface GeoWorld {
  database: Database;
  clock: Clock;
  paths: { home: string };
}

/**
 * What the paired location does not have yet is copied to it. A failure is kept, for people to see, until all is there.
 *
 * @returns what it did.
 * @throws what the disk said first; what could be copied beside that is.
 */
export async function copyToPair(world: GeoWorld, server: ServerRow): Promise<string | undefined> {
  const { database, clock } = world;
  const known = findGeoCopyFailure(database, server.id);
  try {
    const copied = await copyMissing(world, server);
    if (known) deleteGeoCopyFailure(database, server.id);
    if (copied === 0) return undefined;
    return `copied ${copied} backup files of ${server.name} to ${pairedLocation(server.location)}`;
  } catch (failure) {
    const problem = wordsOf(failure as NodeJS.ErrnoException, pairedLocation(server.location));
    if (known?.problem !== problem) recordGeoCopyFailure(database, server.id, { since: clock.now(), problem });
    throw failure;
  }
}

async function copyMissing({ database, clock, paths }: GeoWorld, server: ServerRow): Promise<number> {
  const fulls = listFullBackups(database, server.id).filter(
    ({ state, geoCopiedAt }) => state === 'Succeeded' && geoCopiedAt === null,
  );
  const segments = listLogSegments(database, server.id).filter(
    ({ state, geoCopiedAt }) => state === 'closed' && geoCopiedAt === null,
  );
  if (fulls.length + segments.length === 0) return 0;
  const from = storePaths(paths.home, server.location, server.id);
  const to = storePaths(paths.home, pairedLocation(server.location), server.id);
  await makeStoreFolders(to);
  const files = [
    ...fulls.map(({ id }) => ({ path: (store: StorePaths) => store.full(id), done: updateFullBackup, id })),
    ...segments.map(({ id }) => ({ path: (store: StorePaths) => store.segment(id), done: updateLogSegment, id })),
  ];
  const failures: unknown[] = [];
  for (const { path, done, id } of files) {
    try {
      await copyWhole(path(from), path(to));
      done(database, id, { geoCopiedAt: clock.now() });
    } catch (failure) {
      // One that is gone here must not keep the others from being safe there.
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw failures[0];
  return files.length;
}

function wordsOf({ code }: NodeJS.ErrnoException, name: string): string {
  const location = findRegion(name)?.displayName ?? name;
  if (code === 'ENOSPC' || code === 'EDQUOT') return `The backup store of ${location} is full. Make room on its disk.`;
  if (code === 'ENOENT') return 'A backup file is missing here.';
  return `The backup store of ${location} could not be written${code ? ` (${code})` : ''}.`;
}

/** Geo-redundancy was switched off: the second copies go. */
export async function removeFromPair({ database, paths }: GeoWorld, server: ServerRow): Promise<string | undefined> {
  if (findGeoCopyFailure(database, server.id)) deleteGeoCopyFailure(database, server.id);
  const fulls = listFullBackups(database, server.id).filter(({ geoCopiedAt }) => geoCopiedAt !== null);
  const segments = listLogSegments(database, server.id).filter(({ geoCopiedAt }) => geoCopiedAt !== null);
  if (fulls.length + segments.length === 0) return undefined;
  for (const { id } of fulls) updateFullBackup(database, id, { geoCopiedAt: null });
  for (const { id } of segments) updateLogSegment(database, id, { geoCopiedAt: null });
  await rm(storePaths(paths.home, pairedLocation(server.location), server.id).folder, { recursive: true, force: true });
  return `removed the backup files of ${server.name} from ${pairedLocation(server.location)}`;
}

/** Another’s file, whole or not at all. */
export async function copyWhole(from: string, to: string): Promise<void> {
  const unfinished = `${to}.unfinished`;
  try {
    await copyFile(from, unfinished, constants.COPYFILE_FICLONE);
    await rename(unfinished, to);
  } catch (failure) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw failure;
  }
}
