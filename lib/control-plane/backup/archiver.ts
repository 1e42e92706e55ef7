import { setTimeout as delay } from 'node:timers/promises';
import { rows, withConnection, type Connection } from '../mysql/client.ts';
import { archiveFailureWords } from './archive-words.ts';
import { findStart, LOG_WAS_RESET, startAnew, type Start } from './archive-start.ts';
import { ArchiveWriter, LogResetError, type ArchiveWriterOptions } from './archive-writer.ts';
import { readBinlogStatus, streamBinlog, type BinlogStream } from './binlog-stream.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { readExecuted } from '../mysql/replication.ts';
import { Looks } from './looks.ts';
import { makeStoreFolders } from './store-layout.ts';

/** Where a server's binary log is to be had now. */
export interface LogSource {
  instanceId: string;
  socket: string;
  /** Of replication, of that instance. */
  mysqlServerId: number;
}

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
const SAVE_MS = 15_000;
const BEHIND_MS = 5000;
/** So often in a row the stream is refused before the log is taken for gone. */
const MOST_REFUSALS = 3;
const LOG_IS_UNREADABLE = 'A part of the server’s binary log cannot be read.';
/** MySQL's error when a stream cannot go on: its file or position is gone. */
const ER_SOURCE_FATAL_ERROR_READING_BINLOG = 1236;
/** Replication's server ids of instances are small; the archive's stream has one far above. */
const STREAM_SERVER_ID = 4_000_000_000;

/** Keeps the log of one server archived, through restarts of its mysqld, failovers and deaths of the daemon. */
export class Archiver {
  readonly #o: ArchiverOptions;
  readonly #writer: ArchiveWriter;
  #stopped = false;
  readonly #looks = new Looks(LOOK_MS);
  #stream: BinlogStream | undefined;
  #streamOf = '';
  /** As the server said last. */
  #executed = new GtidSet();
  /** What was written may lie in an open segment still. */
  #isSettled = false;
  readonly #ending = Promise.withResolvers<never>();
  /** Why nothing goes on from what is archived; undefined: it goes on. */
  #anew: string | undefined;
  #refusals = 0;
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
    if (this.#stream) await this.#looks.now(timeoutMs);
  }

  /** Its source may have changed. */
  look(): void {
    if (this.#stream && this.#o.source()?.instanceId !== this.#streamOf) this.#stream.stop();
  }

  /** Resolves when all that was received is in the store. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#ending.reject(new Error('The archive is being ended.'));
    this.#stream?.stop();
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
        if (source) await this.#session(source);
        // Whatever becomes of the server: what is archived of it can be restored.
        else if (!this.#isSettled) await this.#settle();
        else await delay(AGAIN_MS);
        this.#failedSince = undefined;
      } catch (failure) {
        if (this.#stopped) return;
        if (this.#failedSince === undefined) log.warn({ err: failure, server: serverId }, 'the log is not archived');
        this.#failedSince ??= clock.now();
        this.#reason = archiveFailureWords(failure as Error);
        if (failure instanceof LogResetError) this.#anew = LOG_WAS_RESET;
        await delay(AGAIN_MS * 2);
      }
    }
  }

  async #settle(): Promise<void> {
    await makeStoreFolders(this.#o.paths);
    await this.#inTurn(() => this.#writer.recover());
    this.#isSettled = true;
  }

  async #session(source: LogSource): Promise<void> {
    await this.#settle();
    this.#isSettled = false;
    const { socket, instanceId } = source;
    await withConnection(socket, async (connection) => {
      // A server that hangs must not keep anybody from ending this.
      const from = await Promise.race([this.#begin(connection, source), this.#ending.promise]);
      const [variables] = await rows<{ checksum: string }>(connection, 'SELECT @@GLOBAL.binlog_checksum AS checksum');
      this.#writer.beginStream({ instanceId, ...from, checksum: variables!.checksum !== 'NONE' });
      if (this.#stopped) return;
      const { file, position } = from;
      const stream = await streamBinlog(
        { socket, serverId: STREAM_SERVER_ID + source.mysqlServerId, file, position },
        (events) =>
          this.#inTurn(async () => {
            if ((await this.#writer.take(events)) > 0) this.#refusals = 0;
          }),
      );
      this.#stream = stream;
      this.#streamOf = instanceId;
      this.look();
      await this.#follow(connection, stream, instanceId);
    });
  }

  /** Until the stream ends. */
  async #follow(connection: Connection, stream: BinlogStream, instanceId: string): Promise<void> {
    const state = { over: false };
    const ended = stream.ended.then((failure) => {
      state.over = true;
      return failure;
    });
    try {
      while (!state.over && !this.#stopped) {
        // A server that hangs does not answer before it is ended.
        await Promise.race([ended, this.#cover(connection, () => state.over)]);
        this.#looks.looked();
        await Promise.race([ended, this.#looks.due()]);
      }
    } finally {
      stream.stop();
      await ended;
      this.#stream = undefined;
      this.#reason = 'The connection to the server ended; it is being connected again.';
    }
    const failure = await ended;
    // A mysqld that ends takes its connections along: nothing is wrong with that.
    if (!failure || this.#o.source()?.instanceId !== instanceId) return;
    if ((failure as { errno?: number }).errno === ER_SOURCE_FATAL_ERROR_READING_BINLOG) {
      this.#refusals += 1;
      if (this.#refusals >= MOST_REFUSALS) this.#anew = LOG_IS_UNREADABLE;
    }
    throw failure;
  }

  /** Where the stream is to begin; a new chain is begun where it cannot go on without a gap. */
  async #begin(connection: Connection, { instanceId }: LogSource): Promise<Start & { expected: string | null }> {
    const writer = this.#writer;
    const { chain, archived, position: known } = writer.progress;
    const found =
      !chain || this.#anew
        ? await startAnew(connection, await readBinlogStatus(connection), this.#anew ?? '')
        : await findStart(
            connection,
            { instanceId, archived, known },
            { drop: (extra) => writer.drop(extra), isStopped: () => this.#stopped },
          );
    const { start, status } = found;
    this.#executed = GtidSet.parse(status.executed);
    if (!('anew' in found)) return { ...start, expected: found.expected };
    writer.beginChain(this.#executed, found.anew);
    if (chain) {
      const { executed, purged } = status;
      const facts = { server: this.#o.serverId, archived: archived.toString(), executed, purged, from: known };
      this.#o.log.warn(facts, `a new archive begins: ${found.anew}`);
    }
    this.#anew = undefined;
    this.#refusals = 0;
    return { ...start, expected: null };
  }

  /** How far the archive is known to reach, though nothing was written; and whether the server's log is still the same. */
  async #cover(connection: Connection, isOver: () => boolean): Promise<void> {
    const { progress } = this.#writer;
    const at = this.#o.clock.now() * 1000;
    let executed: GtidSet;
    try {
      executed = GtidSet.parse(await readExecuted(connection));
    } catch (failure) {
      if (isOver()) return;
      throw failure;
    }
    if (isOver()) return;
    // It only ever grows.
    if (!this.#executed.isSubsetOf(executed)) throw new LogResetError();
    this.#executed = executed;
    if (executed.isSubsetOf(progress.archived)) {
      progress.cover(at);
      this.#reason = null;
      this.#failedSince = undefined;
      progress.saveCovered({ atLeastMs: SAVE_MS });
    } else if (progress.coveredUntil !== null && at - progress.coveredUntil > BEHIND_MS * 1000) {
      this.#reason = 'The archive is behind the server.';
    } else {
      this.#reason = null;
    }
  }
}
