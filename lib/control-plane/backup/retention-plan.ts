import type { FullBackupRow } from '../store/full-backups.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import type { Archive } from './restore-plan.ts';

/** What of an archive nobody may ask for any more. */
export interface Pruning {
  fullBackups: string[];
  segments: string[];
  chains: string[];
  /** Marks before it go, too. */
  before: number;
}

/**
 * Every moment from `since` on stays restorable: for that, the newest full backup before it is kept, and the newest of those
 * that were made by themselves, with the log that goes on from there. On-demand backups are kept until they are older than
 * `since` themselves. Pure.
 *
 * @param since microseconds.
 */
export function planPruning({ fullBackups, segments, chains }: Archive, since: number): Pruning {
  const whole = fullBackups.filter(({ state, moment }) => state === 'Succeeded' && moment !== null);
  const older = whole.filter(({ moment }) => moment! <= since).toSorted((one, other) => one.moment! - other.moment!);
  // One that was made on demand may be deleted at any moment: nothing may stand on it alone.
  const bases = [older.at(-1), older.findLast(({ source }) => source === 'Automatic')];
  const kept = bases.filter((base) => base !== undefined && chainGoesOn(chains, base, since));
  const gone = fullBackups.filter((full) => {
    if (full.state === 'Creating' || full.state === 'Deleting') return false;
    if (kept.some((base) => base!.id === full.id)) return false;
    const moment = full.moment ?? (full.completedAt ?? full.startedAt) * 1000;
    return moment <= since;
  });
  const goneIds = new Set(gone.map(({ id }) => id));
  const left = whole.filter(({ id }) => !goneIds.has(id)).toSorted((one, other) => one.moment! - other.moment!);
  const marks = new Set(
    chains.map(({ id, endedAt }) => endedAt === null && segments.findLast(({ chainId }) => chainId === id)),
  );
  const oldSegments = segments.filter((segment) => {
    if (segment.state === 'open' || !segment.gtidsAfter) return false;
    // Where the archive goes on, however long nothing is written: without it the log would seem to begin anew.
    if (marks.has(segment)) return false;
    const first = left.find(({ chainId }) => chainId === segment.chainId);
    // Without a full backup nothing goes on from it; one that is due may still come, while it is young.
    if (!first) return (segment.lastMoment ?? segment.previousMoment) <= since;
    return GtidSet.parse(segment.gtidsAfter).isSubsetOf(GtidSet.parse(first.gtidsAtStart!));
  });
  const goneSegments = new Set(oldSegments.map(({ id }) => id));
  const oldChains = chains.filter(
    ({ id, endedAt }) =>
      endedAt !== null &&
      endedAt <= since &&
      !left.some(({ chainId }) => chainId === id) &&
      segments.every((segment) => segment.chainId !== id || goneSegments.has(segment.id)),
  );
  return {
    fullBackups: [...goneIds],
    segments: [...goneSegments],
    chains: oldChains.map(({ id }) => id),
    before: left[0]?.moment ?? since,
  };
}

/** Whether moments from `since` on can be reached from it. */
function chainGoesOn(chains: Archive['chains'], { chainId }: FullBackupRow, since: number): boolean {
  const chain = chains.find(({ id }) => id === chainId);
  return chain !== undefined && (chain.endedAt === null || chain.endedAt > since);
}
