import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findRegion } from '../../rules/regions.ts';

/**
 * Where backups lie: a folder per location, as each location's storage is another, and in that one per server. The keys
 * lie apart from both.
 */
export interface StorePaths {
  full(backupId: string): string;
  segment(segmentId: string): string;
  folder: string;
}

/** @param location short form: of the server, or of its paired location for the second copy. */
export function storePaths(home: string, location: string, serverId: string): StorePaths {
  const folder = join(home, 'backups', location, serverId);
  return {
    folder,
    full: (id) => join(folder, 'full', `${id}.full`),
    segment: (id) => join(folder, 'log', `${id}.log`),
  };
}

export function pairedLocation(location: string): string {
  return findRegion(location)?.paired ?? location;
}

/** Safe to repeat. */
export async function makeStoreFolders({ full, segment }: StorePaths): Promise<void> {
  for (const folder of [join(full('x'), '..'), join(segment('x'), '..')]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
}
