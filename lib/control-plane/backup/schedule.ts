import type { FullBackupRow } from '../store/full-backups.ts';
import type { BackupVerificationRow } from '../store/backup-verifications.ts';
import type { LogChainRow } from '../store/log-chains.ts';

const AGAIN_MS = [30_000, 2 * 60_000, 10 * 60_000, 30 * 60_000];

/**
 * Whether a full backup is due, and why. Pure.
 *
 * @param fullBackups oldest first, as their times say.
 * @param chain the stretch of log that goes on: without a full backup of it nothing of it can be restored. What failed
 *   before it began is no reason to wait.
 * @param options.isBroken a part of that log is damaged, and no full backup was made since.
 */
export function planFullBackup(
  fullBackups: readonly FullBackupRow[],
  chain: Pick<LogChainRow, 'id' | 'startedAt'>,
  { now, intervalMs, isBroken = false }: { now: number; intervalMs: number; isBroken?: boolean },
): string | undefined {
  // A clock that was set back leaves some in the future: the next one neither waits for them nor is due for ever.
  const past = fullBackups.filter(({ startedAt }) => startedAt <= now);
  const lastGood = past.findLast(({ state }) => state === 'Succeeded');
  const began = chain.startedAt / 1000 <= now ? chain.startedAt / 1000 : 0;
  const failed = past
    .slice(lastGood ? past.indexOf(lastGood) + 1 : 0)
    .filter(({ state, startedAt }) => state === 'Failed' && startedAt >= began);
  const lastFailed = failed.at(-1)?.completedAt ?? 0;
  const wait = AGAIN_MS[Math.min(failed.length, AGAIN_MS.length) - 1] ?? 0;
  if (failed.length > 0 && lastFailed <= now && now - lastFailed < wait) return undefined;
  const good = fullBackups.filter(({ state, chainId }) => state === 'Succeeded' && chainId === chain.id);
  if (good.length === 0) return fullBackups.length === 0 ? 'it has none yet' : 'its log began anew';
  // What was made on demand may be deleted at any moment: nothing may stand on it alone.
  if (!good.some(({ source }) => source === 'Automatic')) return 'people made all that there are';
  if (isBroken) return 'a part of its log is damaged';
  const automatic = past.findLast((full) => full.state === 'Succeeded' && full.source === 'Automatic') ?? lastGood;
  if (!automatic) return 'the clock was set back';
  return now - automatic.startedAt >= intervalMs ? 'it is due' : undefined;
}

/** One that failed is tried again sooner: what was in its way may be gone, and until then nobody knows. */
const VERIFY_AGAIN_MS = 6 * 3_600_000;

/**
 * Whether the newest backup is due to be tried. Pure.
 *
 * @param last the newest trial of them all, by the schedule or by hand.
 * @param since when the server was made: its first trial comes one interval later.
 * @param intervalMs 0: never.
 */
export function isVerificationDue(
  last: Pick<BackupVerificationRow, 'status' | 'startedAt'> | undefined,
  { now, since, intervalMs }: { now: number; since: number; intervalMs: number },
): boolean {
  if (intervalMs === 0 || last?.status === 'InProgress') return false;
  const from = last?.startedAt ?? since;
  const wait = last?.status === 'Failed' ? Math.min(intervalMs, VERIFY_AGAIN_MS) : intervalMs;
  // A clock that was set back must not put the next one off.
  return now - from >= wait || from > now;
}
