import { copyFile, constants, rename, rm } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { listFullBackups, updateFullBackup } from '../store/full-backups.ts';
import { listLogSegments, updateLogSegment } from '../store/log-segments.ts';
import type { ServerRow } from '../store/servers.ts';
import { makeStoreFolders, pairedLocation, storePaths } from './store-layout.ts';

interface GeoWorld {
  database: Database;
  clock: Clock;
  paths: { home: string };
}

/** What the paired location does not have yet is copied to it. @returns what it did. */
export async function copyToPair({ database, clock, paths }: GeoWorld, server: ServerRow): Promise<string | undefined> {
  const fulls = listFullBackups(database, server.id).filter(
    ({ state, geoCopiedAt }) => state === 'Succeeded' && geoCopiedAt === null,
  );
  const segments = listLogSegments(database, server.id).filter(
    ({ state, geoCopiedAt }) => state === 'closed' && geoCopiedAt === null,
  );
  if (fulls.length + segments.length === 0) return undefined;
  const from = storePaths(paths.home, server.location, server.id);
  const to = storePaths(paths.home, pairedLocation(server.location), server.id);
  await makeStoreFolders(to);
  for (const { id } of fulls) {
    await copyWhole(from.full(id), to.full(id));
    updateFullBackup(database, id, { geoCopiedAt: clock.now() });
  }
  for (const { id } of segments) {
    await copyWhole(from.segment(id), to.segment(id));
    updateLogSegment(database, id, { geoCopiedAt: clock.now() });
  }
  return `copied ${fulls.length + segments.length} backup files of ${server.name} to ${pairedLocation(server.location)}`;
}

/** Geo-redundancy was switched off: the second copies go. */
export async function removeFromPair({ database, paths }: GeoWorld, server: ServerRow): Promise<string | undefined> {
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
  await copyFile(from, unfinished, constants.COPYFILE_FICLONE);
  await rename(unfinished, to);
}
