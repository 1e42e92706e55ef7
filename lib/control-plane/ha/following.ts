import type { ServerRow } from '../store/servers.ts';
import { judgeFollowing, type Verdict } from './detection.ts';
import { watchDivergence, type DivergenceWatch } from './divergence.ts';
import type { Probe } from './probe.ts';

/** An older answer says nothing of now: it may be the daemon that was held up. */
const FRESH_MS = 2_000;

interface Known {
  /** Since when the server has been Healthy by its row, and when we saw that. */
  haSince: number | null;
  healthyAt: number;
  /** What the standby had received last, and when that was less or nobody waited. */
  received: string;
  movedAt: number;
  heardAt: number;
  /** What it had executed last, and when that was less, or all that it had received, or nothing was in its way. */
  executed: string;
  executedAt: number;
  divergence: DivergenceWatch;
}

export interface FollowingWatch {
  /**
   * Whether the standby of a server that is Healthy does what it is there for. What it said before the server became
   * Healthy counts for nothing: it was not following yet.
   */
  judge(server: Pick<ServerRow, 'id' | 'haSince'>, primary: Probe | undefined, standby: Probe | undefined): Verdict;
  forget(serverId: string): void;
}

/** @param now the probes' clock. */
export function watchFollowing(now: () => number): FollowingWatch {
  const servers = new Map<string, Known>();

  function knownOf({ id, haSince }: Pick<ServerRow, 'id' | 'haSince'>): Known {
    const known = servers.get(id);
    if (known?.haSince === haSince) return known;
    const at = now();
    const nothing = { received: '', movedAt: at, heardAt: at, executed: '', executedAt: at };
    const fresh = { haSince, healthyAt: at, ...nothing, divergence: watchDivergence(at) };
    servers.set(id, fresh);
    return fresh;
  }

  return {
    judge(server, primary, standby) {
      const known = knownOf(server);
      const following = standby?.following();
      if (!standby || !following || following.askedAt < known.healthyAt) return { lost: false };
      const acknowledging = primary?.acknowledging();
      const at = now();
      const isFresh = acknowledging && at - Math.min(acknowledging.askedAt, following.askedAt) < FRESH_MS;
      const { receiver, applier, error, received, executed } = following.said;
      if (!isFresh || acknowledging.said.waiting === 0 || received !== known.received) known.movedAt = at;
      if (!isFresh || acknowledging.said.standbys > 0) known.heardAt = at;
      if (!isFresh || !standby.acknowledging()?.said.locked || executed !== known.executed) known.executedAt = at;
      known.received = received;
      known.executed = executed;
      const leading = primary?.following();
      const isLeading = isFresh && leading && leading.askedAt >= known.healthyAt;
      const { extra, missing } = (isLeading && known.divergence.look(leading, following, at)) || {};
      return judgeFollowing({
        receiver,
        applier,
        error,
        disconnectedMs: Math.min(standby.disconnectedMs(), at - known.healthyAt),
        unheardMs: at - known.heardAt,
        stalledMs: at - known.movedAt,
        lockedMs: at - known.executedAt,
        unawaited: Boolean(isFresh && acknowledging.askedAt >= known.healthyAt && !acknowledging.said.enabled),
        extra: extra?.transactions.count() ?? 0,
        extraMs: extra ? extra.until - extra.since : 0,
        missing: missing?.transactions.count() ?? 0,
        missingMs: missing ? missing.until - missing.since : 0,
      });
    },
    forget(serverId) {
      servers.delete(serverId);
    },
  };
}
