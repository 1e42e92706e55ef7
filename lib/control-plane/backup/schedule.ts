import type { FullBackupRow } from '../store/full-backups.ts';
import type { LogChainRow } from '../store/log-chains.ts';

const AGAIN_MS = [30_000, 2 * 60_000, 10 * 60_000, 30 * 60_000];

/**
 * Whether a full backup is due, and why. Pure.
 *
 * @param chain the stretch of log that goes on: without a full backup of it nothing of it can be restored. What failed
 *   before it began is no reason to wait.
 */
export function planFullBackup(
  fullBackups: readonly FullBackupRow[],
  chain: Pick<LogChainRow, 'id' | 'startedAt'>,
  { now, intervalMs }: { now: number; intervalMs: number },
): string | undefined {
  const lastGood = fullBackups.findLast(({ state }) => state === 'Succeeded');
  const failed = fullBackups
    .slice(lastGood ? fullBackups.indexOf(lastGood) + 1 : 0)
    .filter(({ state, startedAt }) => state === 'Failed' && startedAt >= Math.min(now, chain.startedAt / 1000));
  const lastFailed = failed.at(-1)?.completedAt ?? 0;
  const wait = AGAIN_MS[Math.min(failed.length, AGAIN_MS.length) - 1] ?? 0;
  if (failed.length > 0 && lastFailed <= now && now - lastFailed < wait) return undefined;
  const ofChain = fullBackups.filter((full) => full.state === 'Succeeded' && full.chainId === chain.id);
  if (ofChain.length === 0) return fullBackups.length === 0 ? 'it has none yet' : 'its log began anew';
  const automatic = fullBackups.findLast((full) => full.state === 'Succeeded' && full.source === 'Automatic');
  // A clock that was set back must not put the next one off.
  if (!automatic || automatic.startedAt > now) return automatic ? 'the clock was set back' : undefined;
  return now - automatic.startedAt >= intervalMs ? 'it is due' : undefined;
}
