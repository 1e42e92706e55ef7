import { statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Connection } from '../mysql/client.ts';
import {
  readAcknowledging,
  readReplication,
  type Acknowledging,
  type ReplicationStatus,
} from '../mysql/replication.ts';
import { PROBE_EVERY_MS } from './detection.ts';

/** How late our own timers may be before our own slowness is taken out of what is measured. */
const OWN_DELAY_MS = 50;
const TICK_MS = 25;
/**
 * Each question tells whether mysqld answers, which needs no statement: a ping does. How replication does is asked with each
 * second one, and what costs mysqld a millisecond with each fourth.
 */
const REPLICATION_EACH = 2;
const ACKNOWLEDGING_EACH = 4;

export interface Answer<T> {
  said: T;
  /** When it was asked: on the probe's clock. */
  askedAt: number;
}

/** Asks one mysqld again and again over a connection that stays. */
export interface Probe {
  /** How long the oldest question has waited, less the time in which we ourselves were held up; 0 when none waits. */
  unansweredMs(): number;
  /** What the last answer said of replication; undefined before the first. */
  following(): Answer<ReplicationStatus> | undefined;
  /** What the last answer said of writers that wait for a standby; undefined before the first. */
  acknowledging(): Answer<Acknowledging> | undefined;
  /** How much more may be written to the disk that its data lies on; undefined while nobody has looked. */
  freeBytes(): number | undefined;
  /** How long the receiver has not been connected; 0 when it is, or nothing is known. */
  disconnectedMs(): number;
  /** The connection that stays, for what must not wait for a new one; undefined while there is none. */
  connection(): Connection | undefined;
  stop(): void;
}

/**
 * @param instance.socket mysqld's. @param instance.folder where its data lies.
 * @param now milliseconds of a clock that never goes back.
 */
export function startProbe({ socket, folder }: { socket: string; folder: string }, now: () => number): Probe {
  let connection: Connection | undefined;
  let askedAt: number | undefined;
  let following: Answer<ReplicationStatus> | undefined;
  let acknowledging: Answer<Acknowledging> | undefined;
  let freeBytes: number | undefined;
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

  async function ask(round: number): Promise<void> {
    askedAt ??= now();
    try {
      connection ??= await connect(socket, { timeoutMs: 30_000 });
      if (stopping.signal.aborted) return connection.destroy();
      const at = now();
      if (round % REPLICATION_EACH === 0) {
        following = { said: await readReplication(connection), askedAt: at };
        disconnectedSince = following.said.receiver === 'ON' ? undefined : (disconnectedSince ?? now());
      } else {
        await connection.ping();
      }
      if (round % ACKNOWLEDGING_EACH === 0) acknowledging = { said: await readAcknowledging(connection), askedAt: at };
      askedAt = undefined;
    } catch (failure) {
      connection?.destroy();
      connection = undefined;
      // It answers, if only to say that it is full.
      if ((failure as { errno?: number }).errno === ER_CON_COUNT_ERROR) askedAt = undefined;
    }
  }

  void (async () => {
    for (let round = 0; !stopping.signal.aborted; round++) {
      freeBytes = await statfs(folder).then(
        ({ bavail, bsize }) => bavail * bsize,
        () => undefined,
      );
      await ask(round);
      await delay(PROBE_EVERY_MS, undefined, { ref: false });
    }
    connection?.destroy();
  })();

  return {
    unansweredMs: () => (askedAt === undefined ? 0 : Math.max(0, now() - askedAt)),
    following: () => following,
    acknowledging: () => acknowledging,
    freeBytes: () => freeBytes,
    disconnectedMs: () => (disconnectedSince === undefined ? 0 : Math.max(0, now() - disconnectedSince)),
    connection: () => connection,
    stop() {
      stopping.abort();
      clearInterval(ticker);
      connection?.destroy();
    },
  };
}

const ER_CON_COUNT_ERROR = 1040;
