import { GtidSet } from '../mysql/gtid-set.ts';
import type { ReplicationStatus } from '../mysql/replication.ts';
import type { Answer } from './probe.ts';

type Transactions = Answer<Pick<ReplicationStatus, 'executed' | 'received' | 'serverUuid'>>;

/** What stays different from look to look: between which two it did. */
interface Difference {
  transactions: GtidSet;
  since: number;
  until: number;
}

export interface Divergence {
  /** What the standby has executed and the primary never will: errant transactions. */
  extra: Difference;
  /** What the primary has committed and the standby has not received. */
  missing: Difference;
}

export interface DivergenceWatch {
  /** Compares what both sides said last. An answer that was looked at before is not looked at again. */
  look(primary: Transactions, standby: Transactions, at: number): Divergence;
}

/**
 * Tells what is only on its way between two sides from what will never get there, while every commit on the primary waits
 * until the standby has received it. Two answers are never of the same moment, so only what stays counts.
 */
export function watchDivergence(at: number): DivergenceWatch {
  const none = (): Difference => ({ transactions: new GtidSet(), since: at, until: at });
  let last: Divergence = { extra: none(), missing: none() };
  let seen = '';
  return {
    look(primary, standby, now) {
      const both = `${primary.askedAt} ${standby.askedAt}`;
      if (both === seen) return last;
      seen = both;
      const { extra, missing } = last;
      // Of the two only the side that was asked later can say what it lacks of the other.
      last =
        primary.askedAt > standby.askedAt
          ? { extra: stay(extra, extraOf(primary.said, standby.said), now), missing }
          : { extra, missing: stay(missing, missingOf(primary.said, standby.said), now) };
      return last;
    },
  };
}

function extraOf(primary: Transactions['said'], standby: Transactions['said']): GtidSet {
  const there = GtidSet.parse(primary.executed);
  return GtidSet.parse(standby.executed).minus(there).withoutLaterOf(primary.serverUuid, there);
}

function missingOf(primary: Transactions['said'], standby: Transactions['said']): GtidSet {
  const there = GtidSet.parse(standby.executed).addAll(GtidSet.parse(standby.received));
  return GtidSet.parse(primary.executed).minus(there);
}

function stay(before: Difference, found: GtidSet, now: number): Difference {
  const common = found.common(before.transactions);
  return common.isEmpty()
    ? { transactions: found, since: now, until: now }
    : { transactions: common, since: before.since, until: now };
}
