/** How long one question to a mysqld may take. */
export const PROBE_TIMEOUT_MS = 500;
/** Each question counts among the server's queries. One that is frozen meanwhile is asked at once, see `Probe.hurry`. */
export const PROBE_EVERY_MS = 500;

/** As many unanswered in a row, of a process that the kernel says is stopped: that one is not busy, however busy all is. */
const MISSES_OF_STOPPED = 2;
/** Of one that runs. It may be busy, or the machine: what answers within that time is not lost. */
const MISSES_OF_RUNNING = 16;
/** How long replication may be interrupted, such as by a new gateway, before writers are released. */
const DISCONNECTED_MS = 4_000;

/** How long writers wait while the standby, which seems to follow, receives nothing: a large transaction takes its time. */
const UNACKNOWLEDGED_MS = 20_000;
/** How long one may wait for a lock and execute nothing: only a session of its own can hold it. */
export const LOCKED_MS = 60_000;
/** How long the two sides may differ by what only one of them will ever have. */
const APART_MS = 2_000;
const MIB = 1024 ** 2;
/** MySQL waits for ever to write to a disk with less than this. */
const FULL_BYTES = 8 * MIB;
/** With as much the other side can go on for a while. */
const ROOM_BYTES = 64 * MIB;

/** What was seen of one mysqld. */
export interface Sighting {
  /** Whether its process lives. */
  alive: boolean;
  /** The kernel's letter for the process's state (proc(5)): T is stopped by a signal. */
  state: string | undefined;
  /** How long the oldest question has waited for its answer, in milliseconds; 0 when none waits. */
  unansweredMs: number;
}

export type Verdict =
  | { lost: false }
  | {
      lost: true;
      why: string;
      /** Its process stands in its own way, and is of no more use. */
      endsProcess?: true;
    };

/** Whether a mysqld is to be given up, and why in words that go on from "because". */
export function judge({ alive, state, unansweredMs }: Sighting): Verdict {
  if (!alive) return { lost: true, why: 'its process ended' };
  const misses = Math.floor(unansweredMs / PROBE_TIMEOUT_MS);
  if (state === 'T' && misses >= MISSES_OF_STOPPED) return { lost: true, why: 'its process was frozen' };
  if (misses >= MISSES_OF_RUNNING) return { lost: true, why: 'it did not answer for several seconds' };
  return { lost: false };
}

/** What a standby said of its replication, last and since when. */
export interface Following {
  receiver: 'ON' | 'OFF' | 'CONNECTING';
  applier: 'ON' | 'OFF';
  error: string | undefined;
  /** How long the receiver has not been connected, in milliseconds. */
  disconnectedMs: number;
  /** How long the primary has had nobody who acknowledges. */
  unheardMs: number;
  /** How long writers have waited while the standby received nothing. */
  stalledMs: number;
  /** How long it has executed nothing of what it has received, since its threads wait for a lock. */
  lockedMs: number;
  /** Whether commits on the primary do not wait for it. */
  unawaited: boolean;
  /** How many transactions it has that the primary never will, and how long that has been so. */
  extra: number;
  extraMs: number;
  /** How many the primary has that it has not even received, though each commit waits for that; and how long. */
  missing: number;
  missingMs: number;
}

export function judgeFollowing(following: Following): Verdict {
  const { receiver, applier, error, disconnectedMs, unheardMs, stalledMs, lockedMs, unawaited } = following;
  const { extra, extraMs, missing, missingMs } = following;
  const because = error ? `: ${error}` : '';
  if (applier === 'OFF') return { lost: true, why: `it does not execute what it receives${because}` };
  if (receiver === 'OFF') return { lost: true, why: `it does not receive${because}` };
  if (disconnectedMs >= DISCONNECTED_MS) return { lost: true, why: `it cannot reach the primary${because}` };
  if (unheardMs >= DISCONNECTED_MS || stalledMs >= UNACKNOWLEDGED_MS) {
    return { lost: true, why: 'it does not acknowledge what it receives' };
  }
  if (lockedMs >= LOCKED_MS) {
    return { lost: true, why: 'it waits for a lock and executes nothing of what it receives', endsProcess: true };
  }
  if (unawaited) return { lost: true, why: 'commits do not wait for it' };
  if (extra > 0 && extraMs >= APART_MS) {
    return { lost: true, why: `it has ${inTransactions(extra)} that the primary does not have` };
  }
  if (missing > 0 && missingMs >= APART_MS) {
    return { lost: true, why: `it lacks ${inTransactions(missing)} of the primary and does not receive them` };
  }
  return { lost: false };
}

function inTransactions(count: number): string {
  return `${count} ${count === 1 ? 'transaction' : 'transactions'}`;
}

/** Whether nothing more can be written to a disk. @param freeBytes undefined while nobody has looked. */
export function isFull(freeBytes: number | undefined): boolean {
  return freeBytes !== undefined && freeBytes < FULL_BYTES;
}

/**
 * Which side is to be given up since it can write nothing more, while the other can. Both have all data, so where both
 * disks are full nothing is won by a change.
 *
 * @param primary free bytes of its disk, undefined while nobody has looked. @param standby the same.
 */
export function judgeDisks(
  primary: number | undefined,
  standby: number | undefined,
): 'primary' | 'standby' | undefined {
  if (primary === undefined || standby === undefined) return undefined;
  if (isFull(primary) && standby >= ROOM_BYTES) return 'primary';
  if (isFull(standby) && primary >= ROOM_BYTES) return 'standby';
  return undefined;
}

/** Whether the primary can write nothing more, and the standby is no better off: writers wait, and nobody gives way. */
export function doWritersWait(primary: number | undefined, standby: number | undefined): boolean {
  return isFull(primary) && standby !== undefined && standby < ROOM_BYTES;
}
