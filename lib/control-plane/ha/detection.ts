/** How long one question to a mysqld may take. */
export const PROBE_TIMEOUT_MS = 500;
export const PROBE_EVERY_MS = 250;

/** As many unanswered in a row, of a process that the kernel says is stopped. */
const MISSES_OF_STOPPED = 3;
/** Of one that runs. It may be busy, or the machine: what answers within that time is not lost. */
const MISSES_OF_RUNNING = 16;
/** How long replication may be interrupted, such as by a new gateway, before writers are released. */
const DISCONNECTED_MS = 4_000;

/** What was seen of one mysqld. */
export interface Sighting {
  /** Whether its process lives. */
  alive: boolean;
  /** The kernel's letter for the process's state (proc(5)): T is stopped by a signal. */
  state: string | undefined;
  /** How long the oldest question has waited for its answer, in milliseconds; 0 when none waits. */
  unansweredMs: number;
}

export type Verdict = { lost: false } | { lost: true; why: string };

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
}

export function judgeFollowing({ receiver, applier, error, disconnectedMs }: Following): Verdict {
  const because = error ? `: ${error}` : '';
  if (applier === 'OFF') return { lost: true, why: `it does not execute what it receives${because}` };
  if (receiver === 'OFF') return { lost: true, why: `it does not receive${because}` };
  if (disconnectedMs >= DISCONNECTED_MS) return { lost: true, why: `it cannot reach the primary${because}` };
  return { lost: false };
}
