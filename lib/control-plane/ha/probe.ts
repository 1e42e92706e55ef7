import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Connection } from '../mysql/client.ts';
import { readReplication, type ReplicationStatus } from '../mysql/replication.ts';
import { PROBE_EVERY_MS } from './detection.ts';

/** How late our own timers may be before our own slowness is taken out of what is measured. */
const OWN_DELAY_MS = 50;
const TICK_MS = 25;

/** Asks one mysqld again and again over a connection that stays. */
export interface Probe {
  /** How long the oldest question has waited, less the time in which we ourselves were held up; 0 when none waits. */
  unansweredMs(): number;
  /** What the last answer said of replication; undefined before the first. */
  following(): ReplicationStatus | undefined;
  /** How long the receiver has not been connected; 0 when it is, or nothing is known. */
  disconnectedMs(): number;
  /** Forgets what it knows of replication: it was not following yet, so what it said then says nothing of now. */
  forgetFollowing(): void;
  /** The connection that stays, for what must not wait for a new one; undefined while there is none. */
  connection(): Connection | undefined;
  stop(): void;
}

/** @param socket mysqld's. @param now milliseconds of a clock that never goes back. */
export function startProbe(socket: string, now: () => number): Probe {
  let connection: Connection | undefined;
  let askedAt: number | undefined;
  let status: ReplicationStatus | undefined;
  let disconnectedSince: number | undefined;
  const stopping = new AbortController();
  let tickedAt = now();

  // A daemon that gets no processor hears no answers: that is no fault of the server.
  const ticker = setInterval(() => {
    const late = now() - tickedAt - TICK_MS;
    tickedAt = now();
    if (late > OWN_DELAY_MS && askedAt !== undefined) askedAt += late;
    if (late > OWN_DELAY_MS && disconnectedSince !== undefined) disconnectedSince += late;
  }, TICK_MS);
  ticker.unref();

  async function ask(): Promise<void> {
    askedAt ??= now();
    try {
      connection ??= await connect(socket, { timeoutMs: 30_000 });
      if (stopping.signal.aborted) return connection.destroy();
      status = await readReplication(connection);
      disconnectedSince = status.receiver === 'ON' ? undefined : (disconnectedSince ?? now());
      askedAt = undefined;
    } catch (failure) {
      connection?.destroy();
      connection = undefined;
      // It answers, if only to say that it is full.
      if ((failure as { errno?: number }).errno === ER_CON_COUNT_ERROR) askedAt = undefined;
    }
  }

  void (async () => {
    while (!stopping.signal.aborted) {
      await ask();
      await delay(PROBE_EVERY_MS, undefined, { ref: false });
    }
    connection?.destroy();
  })();

  return {
    unansweredMs: () => (askedAt === undefined ? 0 : Math.max(0, now() - askedAt)),
    following: () => status,
    disconnectedMs: () => (disconnectedSince === undefined ? 0 : Math.max(0, now() - disconnectedSince)),
    forgetFollowing() {
      status = undefined;
      disconnectedSince = undefined;
    },
    connection: () => connection,
    stop() {
      stopping.abort();
      clearInterval(ticker);
      connection?.destroy();
    },
  };
}

const ER_CON_COUNT_ERROR = 1040;
