import { statfs } from 'node:fs/promises';
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
/** How writers wait is asked with each second question, since it costs mysqld a millisecond. */
const ACKNOWLEDGING_EACH = 2;
/** Of one that follows nobody, how replication does is asked with each fourth. */
const REPLICATION_EACH = 4;

export interface Answer<T> {
  said: T;
  /** When it was asked: on the probe's clock. */
  askedAt: number;
}

/** Asks one mysqld again and again over a connection that stays. */
export interface Probe {
  /** How long the oldest question has waited, less the time in which we ourselves were held up; 0 when none waits. */
  unansweredMs(): number;
  /** Asks the next question now, unless one waits. */
  hurry(): void;
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
  let goOn = () => {};

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
      const isAcknowledging = round % ACKNOWLEDGING_EACH === 0;
      if (round % REPLICATION_EACH === 0 || following === undefined || following.said.configured) {
        following = { said: await readReplication(connection), askedAt: at };
        disconnectedSince = following.said.receiver === 'ON' ? undefined : (disconnectedSince ?? now());
      } else if (!isAcknowledging) {
        await connection.ping();
      }
      if (isAcknowledging) acknowledging = { said: await readAcknowledging(connection), askedAt: at };
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
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PROBE_EVERY_MS).unref();
        goOn = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    connection?.destroy();
  })();

  return {
    unansweredMs: () => (askedAt === undefined ? 0 : Math.max(0, now() - askedAt)),
    hurry: () => goOn(),
    following: () => following,
    acknowledging: () => acknowledging,
    freeBytes: () => freeBytes,
    disconnectedMs: () => (disconnectedSince === undefined ? 0 : Math.max(0, now() - disconnectedSince)),
    connection: () => connection,
    stop() {
      stopping.abort();
      goOn();
      clearInterval(ticker);
      connection?.destroy();
    },
  };
}

const ER_CON_COUNT_ERROR = 1040;
