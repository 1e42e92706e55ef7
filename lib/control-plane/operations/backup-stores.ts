import { join } from 'node:path';
import { copyWhole } from '../backup/geo-copy.ts';
import { makeStoreFolders, pairedLocation, storePaths, type StorePaths } from '../backup/store-layout.ts';
import type { DamagedBackupError } from '../backup/tasks.ts';
import type { ServerRow } from '../store/servers.ts';
import type { World } from './world.ts';

/** The stores to take files from, best first. */
export function stores(world: World, source: ServerRow, geo: boolean): [StorePaths, StorePaths] {
  const { home } = world.paths;
  const own = storePaths(home, source.location, source.id);
  const paired = storePaths(home, pairedLocation(source.location), source.id);
  return geo ? [paired, own] : [own, paired];
}

/** The id of the segment that is damaged. */
export function segmentOf({ file }: DamagedBackupError): string {
  return file.replace(/\.log$/, '');
}

/**
 * What is whole in one store takes the place of what is damaged in the other.
 *
 * @returns a sentence that says so; undefined: it could not be written there.
 */
export async function bringBack(
  { log }: Pick<World, 'log'>,
  damage: DamagedBackupError,
  { from, to }: { from: string; to: StorePaths },
): Promise<string | undefined> {
  try {
    await makeStoreFolders(to);
    await copyWhole(from, join(to.folder, from.endsWith('.full') ? 'full' : 'log', damage.file));
  } catch (failure) {
    log.warn({ err: failure, file: damage.file }, 'a damaged backup file was not brought back from the other store');
    return undefined;
  }
  return `${damage.message} It was brought back from the copy in the other location.`;
}
