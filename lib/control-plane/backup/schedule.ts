import type { FullBackupRow } from '../store/full-backups.ts';
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
  const good = fullBackups.filter(({ state }) => state === 'Succeeded');
  if (!good.some(({ chainId }) => chainId === chain.id)) {
    return fullBackups.length === 0 ? 'it has none yet' : 'its log began anew';
  }
  if (isBroken) return 'a part of its log is damaged';
  const automatic = past.findLast((full) => full.state === 'Succeeded' && full.source === 'Automatic') ?? lastGood;
  if (!automatic) return 'the clock was set back';
  return now - automatic.startedAt >= intervalMs ? 'it is due' : undefined;
}
