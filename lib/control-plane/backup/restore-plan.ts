import type { FullBackupRow } from '../store/full-backups.ts';
import type { LogChainRow } from '../store/log-chains.ts';
import type { LogSegmentRow } from '../store/log-segments.ts';
import { GtidSet } from '../mysql/gtid-set.ts';

/** What a store has of one server. Moments are microseconds since 1970. */
export interface Archive {
  fullBackups: readonly FullBackupRow[];
  /** Oldest first. */
  chains: readonly LogChainRow[];
  /** In their order. */
  segments: readonly LogSegmentRow[];
}

/** Moments that can be restored to, both ends included. */
export interface Window {
  from: number;
  to: number;
}

export interface RestorePlan {
  fullBackup: FullBackupRow;
  /** To be replayed on top, in their order. */
  segments: LogSegmentRow[];
  /** Transactions after it are left out. */
  moment: number;
  /** All that was executed before the first of the segments' transactions. */
  gtidsBefore: string;
}

export interface RestoreRefusal {
  /** The nearest moments that can be restored to. */
  before: number | undefined;
  after: number | undefined;
  /** What of the newest log cannot be restored, where that is why. */
  tail?: UnreachableTail;
}

export type RestorePlanning = { plan: RestorePlan } | { refused: RestoreRefusal };

/** The end of the log, when no way leads there: the newest that can be restored is not the newest there is. */
export interface UnreachableTail {
  /** From the last moment that can be restored to, or the beginning of the newest log. */
  from: number;
  to: number;
  /** The log began anew, and there is no full backup of it yet; or a part of it is damaged or missing. */
  why: 'NoFullBackup' | 'Broken';
}

const isUsable = (
  full: FullBackupRow,
): full is FullBackupRow & { moment: number; chainId: string; gtidsAtStart: string } =>
  full.state === 'Succeeded' && full.moment !== null && full.chainId !== null && full.gtidsAtStart !== null;

/**
 * The shortest way to a moment: the newest full backup before it, and the log from there on. Pure.
 *
 * @param moment null for the newest there is: never an older one in its place, where no way leads to the newest.
 */
export function planRestore(archive: Archive, moment: number | null): RestorePlanning {
  const windows = restorableWindows(archive);
  const tail = unreachableTail(archive, windows);
  if (moment === null && tail) return { refused: { before: windows.at(-1)?.to, after: undefined, tail } };
  const target = moment ?? windows.at(-1)?.to;
  if (target === undefined) return { refused: { before: undefined, after: undefined } };
  const candidates = archive.fullBackups
    .filter(isUsable)
    .filter((full) => full.moment <= target)
    .toSorted((one, other) => other.moment - one.moment);
  for (const fullBackup of candidates) {
    const reach = reachFrom(archive, fullBackup);
    if (!reach || target > reach.until) continue;
    const segments = reach.segments.filter(({ firstMoment }) => firstMoment !== null && firstMoment <= target);
    const gtidsBefore = segments[0]?.gtidsBefore ?? fullBackup.gtidsAtStart;
    return { plan: { fullBackup, segments, moment: target, gtidsBefore } };
  }
  return {
    refused: {
      before: windows.findLast(({ to }) => to < target)?.to,
      after: windows.find(({ from }) => from > target)?.from,
      ...(tail && target > tail.from && { tail }),
    },
  };
}

/** Undefined when the newest there is can be restored. Pure. */
export function unreachableTail(archive: Archive, windows = restorableWindows(archive)): UnreachableTail | undefined {
  const newest = archive.chains.at(-1);
  if (!newest) return undefined;
  const last = archive.segments.findLast(({ chainId }) => chainId === newest.id)?.lastMoment ?? 0;
  const to = Math.max(newest.endedAt ?? newest.coveredUntil, last);
  const from = windows.at(-1)?.to;
  if (from !== undefined && from >= to) return undefined;
  const hasFull = archive.fullBackups.some((full) => isUsable(full) && full.chainId === newest.id);
  return { from: from ?? newest.startedAt, to, why: hasFull ? 'Broken' : 'NoFullBackup' };
}

/** Oldest first, apart from each other. */
export function restorableWindows(archive: Archive): Window[] {
  const windows: Window[] = [];
  const fulls = archive.fullBackups.filter(isUsable).toSorted((one, other) => one.moment - other.moment);
  for (const full of fulls) {
    const reach = reachFrom(archive, full);
    if (!reach || reach.until < full.moment) continue;
    const last = windows.at(-1);
    if (last && full.moment <= last.to) last.to = Math.max(last.to, reach.until);
    else windows.push({ from: full.moment, to: reach.until });
  }
  return windows;
}

/** The log that goes on from a full backup, up to its first hole. */
function reachFrom(
  { chains, segments }: Archive,
  full: { chainId: string; gtidsAtStart: string; moment: number },
): { segments: LogSegmentRow[]; until: number } | undefined {
  const chain = chains.find(({ id }) => id === full.chainId);
  if (!chain) return undefined;
  const start = GtidSet.parse(full.gtidsAtStart);
  const end = chain.endedAt ?? chain.coveredUntil;
  const found: LogSegmentRow[] = [];
  let before = GtidSet.parse(chain.startGtids);
  for (const segment of segments) {
    if (segment.chainId !== chain.id || segment.state === 'open') continue;
    const needed = found.length > 0 || !segment.gtidsAfter || !GtidSet.parse(segment.gtidsAfter).isSubsetOf(start);
    if (!needed) {
      before = GtidSet.parse(segment.gtidsAfter!);
      continue;
    }
    const follows =
      found.length > 0
        ? segment.gtidsBefore === found.at(-1)!.gtidsAfter
        : GtidSet.parse(segment.gtidsBefore).isSubsetOf(start) || before.isSubsetOf(start);
    const hole =
      segment.state === 'damaged' ||
      !follows ||
      (found.length === 0 && !GtidSet.parse(segment.gtidsBefore).isSubsetOf(start));
    if (hole) {
      // Nothing changes until the first transaction of what is damaged; of what is missing nobody knows the first.
      const first = segment.state === 'damaged' && follows ? segment.firstMoment : null;
      const reached = found.at(-1)?.lastMoment ?? full.moment;
      const until = first === null ? reached : Math.max(reached, first - 1);
      return until >= full.moment ? { segments: found, until } : undefined;
    }
    found.push(segment);
  }
  return { segments: found, until: Math.max(end, found.at(-1)?.lastMoment ?? 0) };
}
