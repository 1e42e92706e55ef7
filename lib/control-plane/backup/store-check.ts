import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../store/database.ts';
import { listFullBackups, updateFullBackup } from '../store/full-backups.ts';
import { listLogSegments, updateLogSegment } from '../store/log-segments.ts';
import type { ServerRow } from '../store/servers.ts';
import { copyWhole } from './geo-copy.ts';
import { makeStoreFolders, pairedLocation, storePaths, type StorePaths } from './store-layout.ts';

interface Checked {
  database: Database;
  paths: { home: string };
}

/** What the store ought to have of a server. */
function known({ database }: Checked, server: ServerRow) {
  return {
    fulls: new Map(listFullBackups(database, server.id).map((row) => [row.id, row])),
    segments: new Map(listLogSegments(database, server.id).map((row) => [row.id, row])),
  };
}

/**
 * Removes files that no backup is known of, in both locations: what a daemon that died while it removed or copied left.
 *
 * @returns how many.
 */
export async function removeStrayFiles(world: Checked, server: ServerRow): Promise<number> {
  let removed = 0;
  for (const location of [server.location, pairedLocation(server.location)]) {
    const isCopy = location !== server.location;
    const { folder } = storePaths(world.paths.home, location, server.id);
    for (const part of ['full', 'log'] as const) {
      // Looked at before the store is asked: whoever makes a file has told the store before.
      const files = await readdir(join(folder, part)).catch(() => []);
      const { fulls, segments } = known(world, server);
      for (const file of files) {
        const row = (part === 'full' ? fulls : segments).get(file.slice(0, file.indexOf('.')));
        if (row && !(isCopy && row.geoCopiedAt === null)) continue;
        await rm(join(folder, part, file), { force: true });
        removed += 1;
      }
    }
  }
  return removed;
}

/**
 * Finds files that are gone or cut short: they come back from the paired location where that has them; where not, the
 * backup is known as damaged from then on, and not only when somebody needs it.
 *
 * @returns one sentence for each that was found.
 */
export async function checkStore(world: Checked, server: ServerRow): Promise<string[]> {
  const { database, paths } = world;
  const own = storePaths(paths.home, server.location, server.id);
  const pair = storePaths(paths.home, pairedLocation(server.location), server.id);
  const { fulls, segments } = known(world, server);
  const found: string[] = [];
  for (const { id, state, storedBytes, name, problem: before } of fulls.values()) {
    if (state !== 'Succeeded' && !isAway(before)) continue;
    const problem = await problemOf({ own, pair }, (store) => store.full(id), storedBytes);
    if (problem?.words === before) continue;
    if (problem) found.push(`backup ${name} of ${server.name}: ${problem.words}`);
    if (!problem || problem.isHealed) updateFullBackup(database, id, { state: 'Succeeded', problem: null });
    else updateFullBackup(database, id, { state: 'Damaged', problem: problem.words });
  }
  for (const { id, state, storedBytes, problem: before } of segments.values()) {
    if (state !== 'closed' && !isAway(before)) continue;
    const problem = await problemOf({ own, pair }, (store) => store.segment(id), storedBytes);
    if (problem?.words === before) continue;
    if (problem) found.push(`log of ${server.name}: ${problem.words}`);
    if (!problem || problem.isHealed) updateLogSegment(database, id, { state: 'closed', problem: null });
    else updateLogSegment(database, id, { state: 'damaged', problem: problem.words });
  }
  return found;
}

/** It may come back: a disk that was not there when somebody looked. */
function isAway(problem: string | null): boolean {
  return problem !== null && /(is missing|was cut short)\.$/.test(problem);
}

async function problemOf(
  { own, pair }: { own: StorePaths; pair: StorePaths },
  pathIn: (store: StorePaths) => string,
  bytes: number,
): Promise<{ words: string; isHealed: boolean } | undefined> {
  const path = pathIn(own);
  const size = await sizeOf(path);
  if (size === bytes) return undefined;
  const file = path.slice(path.lastIndexOf('/') + 1);
  const words = `The backup file ${file} ${size === undefined ? 'is missing' : 'was cut short'}.`;
  if (own.folder === pair.folder || (await sizeOf(pathIn(pair))) !== bytes) return { words, isHealed: false };
  await makeStoreFolders(own);
  await copyWhole(pathIn(pair), path);
  return { words: `${words} It was brought back from the paired location.`, isHealed: true };
}

/** Undefined: it is not there. @throws where that cannot be told. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw failure;
  }
}
