import type { Database } from '../store/database.ts';
import { listFullBackups } from '../store/full-backups.ts';
import { listLogChains } from '../store/log-chains.ts';
import { listLogSegments } from '../store/log-segments.ts';
import type { Archives } from './archives.ts';
import type { Archive } from './restore-plan.ts';

/**
 * What there is of a server by now; what the archive's newest, open segment holds is counted as covered.
 *
 * @param options.geo only what the paired location has, too.
 */
export function readArchive(
  { database, archives }: { database: Database; archives: Archives },
  serverId: string,
  { geo = false } = {},
): Archive {
  const live = geo ? undefined : archives.status(serverId);
  const chains = listLogChains(database, serverId).map((chain) =>
    chain.endedAt === null && live?.coveredUntil
      ? { ...chain, coveredUntil: Math.max(chain.coveredUntil, live.coveredUntil) }
      : chain,
  );
  const fullBackups = listFullBackups(database, serverId);
  const segments = listLogSegments(database, serverId);
  if (!geo) return { fullBackups, segments, chains };
  const copied = segments.filter(({ geoCopiedAt }) => geoCopiedAt !== null);
  return {
    fullBackups: fullBackups.filter(({ geoCopiedAt }) => geoCopiedAt !== null),
    segments: copied,
    // What is not copied yet is not there.
    chains: chains.map((chain) => {
      const last = copied.findLast(({ chainId }) => chainId === chain.id);
      const all = segments.every(({ chainId, geoCopiedAt }) => chainId !== chain.id || geoCopiedAt !== null);
      const full = fullBackups.findLast(({ chainId, geoCopiedAt }) => chainId === chain.id && geoCopiedAt !== null);
      const until = Math.max(last?.lastMoment ?? chain.startedAt, full?.moment ?? 0);
      return all && chain.endedAt !== null ? chain : { ...chain, coveredUntil: until, endedAt: null };
    }),
  };
}
