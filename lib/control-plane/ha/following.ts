import type { ServerRow } from '../store/servers.ts';
import { judgeFollowing, type Verdict } from './detection.ts';
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
    const fresh = { haSince, healthyAt: at, received: '', movedAt: at, heardAt: at };
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
      const { receiver, applier, error, received } = following.said;
      if (!isFresh || acknowledging.said.waiting === 0 || received !== known.received) known.movedAt = at;
      if (!isFresh || acknowledging.said.standbys > 0) known.heardAt = at;
      known.received = received;
      return judgeFollowing({
        receiver,
        applier,
        error,
        disconnectedMs: Math.min(standby.disconnectedMs(), at - known.healthyAt),
        unheardMs: at - known.heardAt,
        stalledMs: at - known.movedAt,
      });
    },
    forget(serverId) {
      servers.delete(serverId);
    },
  };
}
