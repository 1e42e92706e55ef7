import { setTimeout as delay } from 'node:timers/promises';
import { ArchiveSession, BEHIND_MS, type LogSource, type SessionMemory } from './archive-session.ts';
import { LOG_WAS_RESET } from './archive-start.ts';
import { archiveFailureWords } from './archive-words.ts';
import { ArchiveWriter, LogResetError, type ArchiveWriterOptions } from './archive-writer.ts';
import type { GtidSet } from '../mysql/gtid-set.ts';
import { Looks } from './looks.ts';
import { makeStoreFolders } from './store-layout.ts';

export interface ArchiverOptions extends ArchiveWriterOptions {
  /** The primary, while its mysqld lives; asked again and again. */
  source(): LogSource | undefined;
}

export interface ArchiveStatus {
  state: 'Archiving' | 'Behind' | 'Stopped' | 'Broken';
  /** A sentence for people. */
  reason: string | null;
  /** Microseconds: up to here every transaction is archived. */
  coveredUntil: number | null;
  /** Microseconds: of the last transaction that is archived. */
  lastMoment: number;
  /** Of the segment that is open now, which its row does not tell yet. */
  open: { transactions: number; plainBytes: number; firstMoment: number | null } | undefined;
}

/** Each look is a query, which the server counts as any other: often enough to notice a log that was reset. */
const LOOK_MS = 5000;
const AGAIN_MS = 200;

/** Keeps the log of one server archived, through restarts of its mysqld, failovers and deaths of the daemon. */
export class Archiver {
  readonly #o: ArchiverOptions;
  readonly #writer: ArchiveWriter;
  #stopped = false;
  readonly #looks = new Looks(LOOK_MS);
  #session: ArchiveSession | undefined;
  readonly #memory: SessionMemory = { anew: undefined, refusals: 0 };
  /** What was written may lie in an open segment still. */
  #isSettled = false;
  readonly #ending = Promise.withResolvers<never>();
  #reason: string | null = 'It is being connected.';
  #failedSince: number | undefined;
  /** Writes, closings and looks take turns. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #run: Promise<void>;

  constructor(options: ArchiverOptions) {
    this.#o = options;
    this.#writer = new ArchiveWriter(options);
    this.#ending.promise.catch(() => {});
    this.#run = this.#loop();
  }

  status(): ArchiveStatus {
    const { segment } = this.#writer;
    const { coveredUntil, lastMoment } = this.#writer.progress;
    const { transactions, plainBytes, firstMoment } = segment ?? {};
    const source = this.#o.source();
    const behind = this.#failedSince !== undefined && this.#o.clock.now() - this.#failedSince > BEHIND_MS;
    return {
      state: !source ? 'Stopped' : behind ? 'Broken' : this.#reason ? 'Behind' : 'Archiving',
      reason: source ? this.#reason : null,
      coveredUntil,
      lastMoment,
      open: segment && { transactions: transactions!, plainBytes: plainBytes!, firstMoment: firstMoment! },
    };
  }

  /** The open chain, once there is one. */
  get chainId(): string | undefined {
    return this.#writer.progress.chain?.id;
  }

  has(gtids: GtidSet): boolean {
    return gtids.isSubsetOf(this.#writer.progress.archived);
  }

  /** Resolves true when all of that is archived; false when the time is over. */
  async waitFor(gtids: GtidSet, timeoutMs: number): Promise<boolean> {
    const end = Date.now() + timeoutMs;
    while (!this.#writer.progress.chain || !this.has(gtids)) {
      if (Date.now() > end || this.#stopped) return false;
      await delay(20);
    }
    return true;
  }

  /**
   * What has been archived lies in closed segments.
   *
   * @throws {Error} when a transaction under way does not end in time.
   */
  async flush(timeoutMs = 60_000): Promise<void> {
    const { segment } = this.#writer;
    const end = Date.now() + timeoutMs;
    const isOpen = () => segment !== undefined && this.#writer.segment === segment && segment.transactions > 0;
    while (isOpen()) {
      await this.#inTurn(() => this.#writer.close());
      if (!isOpen()) return;
      if (Date.now() > end) throw new Error('A large transaction is being archived. Try again when it has ended.');
      await delay(50);
    }
  }

  /** It is looked at how far it is: resolves when that is known, or cannot be known soon. */
  async measure(timeoutMs: number): Promise<void> {
    if (this.#session?.isStreaming) await this.#looks.now(timeoutMs);
  }

  /** Its source may have changed. */
  look(): void {
    this.#session?.look();
  }

  /** Resolves when all that was received is in the store. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#ending.reject(new Error('The archive is being ended.'));
    this.#session?.stop();
    await this.#run;
    await this.#inTurn(() => this.#writer.close()).catch((failure) => {
      this.#o.log.error({ err: failure, server: this.#o.serverId }, 'a segment of the log was not closed');
    });
    this.#writer.progress.saveCovered();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #loop(): Promise<void> {
    const { log, serverId, clock } = this.#o;
    while (!this.#stopped) {
      const source = this.#o.source();
      try {
        if (source) await this.#follow(source);
        // Whatever becomes of the server: what is archived of it can be restored.
        else if (!this.#isSettled) await this.#settle();
        else await delay(AGAIN_MS);
        this.#failedSince = undefined;
      } catch (failure) {
        if (this.#stopped) return;
        if (this.#failedSince === undefined) log.warn({ err: failure, server: serverId }, 'the log is not archived');
        this.#failedSince ??= clock.now();
        this.#reason = archiveFailureWords(failure as Error);
        if (failure instanceof LogResetError) this.#memory.anew = LOG_WAS_RESET;
        await delay(AGAIN_MS * 2);
      }
    }
  }

  async #settle(): Promise<void> {
    await makeStoreFolders(this.#o.paths);
    await this.#inTurn(() => this.#writer.recover());
    this.#isSettled = true;
  }

  async #follow(source: LogSource): Promise<void> {
    await this.#settle();
    this.#isSettled = false;
    this.#session = new ArchiveSession(
      {
        ...this.#o,
        source: () => this.#o.source(),
        writer: this.#writer,
        memory: this.#memory,
        looks: this.#looks,
        inTurn: (work) => this.#inTurn(work),
        isStopped: () => this.#stopped,
        ending: this.#ending.promise,
        told: (reason, isCurrent = false) => {
          this.#reason = reason;
          if (isCurrent) this.#failedSince = undefined;
        },
      },
      source,
    );
    try {
      await this.#session.run();
    } finally {
      this.#session = undefined;
    }
  }
}
