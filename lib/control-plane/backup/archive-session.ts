import { rows, withConnection, type Connection } from '../mysql/client.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { readExecuted } from '../mysql/replication.ts';
import { findStart, startAnew, type Start } from './archive-start.ts';
import { LogResetError, type ArchiveWriter, type ArchiveWriterOptions } from './archive-writer.ts';
import { readBinlogStatus, streamBinlog, type BinlogStream } from './binlog-stream.ts';
import type { Looks } from './looks.ts';

/** Where a server's binary log is to be had now. */
export interface LogSource {
  instanceId: string;
  socket: string;
  /** Of replication, of that instance. */
  mysqlServerId: number;
}

/** What one session tells the next. */
export interface SessionMemory {
  /** Why nothing goes on from what is archived; undefined: it goes on. */
  anew: string | undefined;
  /** How often in a row the stream was refused. */
  refusals: number;
}

interface SessionOptions extends Pick<ArchiveWriterOptions, 'clock' | 'log' | 'serverId'> {
  writer: ArchiveWriter;
  memory: SessionMemory;
  looks: Looks;
  /** The primary, while its mysqld lives. */
  source(): LogSource | undefined;
  /** Writes, closings and looks take turns. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  isStopped(): boolean;
  /** Rejects when the archive ends. */
  ending: Promise<never>;
  /** @param reason why not all is archived, for people; null: nothing is wrong. @param isCurrent all is, this moment. */
  told(reason: string | null, isCurrent?: boolean): void;
}

export const BEHIND_MS = 5000;
const SAVE_MS = 15_000;
/** So often in a row the stream is refused before the log is taken for gone. */
const MOST_REFUSALS = 3;
const LOG_IS_UNREADABLE = 'A part of the server’s binary log cannot be read.';
/** MySQL's error when a stream cannot go on: its file or position is gone. */
const ER_SOURCE_FATAL_ERROR_READING_BINLOG = 1236;
/** Replication's server ids of instances are small; the archive's stream has one far above. */
const STREAM_SERVER_ID = 4_000_000_000;

/** Follows one instance's log, from where the archive is to where the connection ends. */
export class ArchiveSession {
  readonly #o: SessionOptions;
  readonly #source: LogSource;
  #stream: BinlogStream | undefined;
  /** As the server said last. */
  #executed = new GtidSet();

  constructor(options: SessionOptions, source: LogSource) {
    this.#o = options;
    this.#source = source;
  }

  get isStreaming(): boolean {
    return this.#stream !== undefined;
  }

  /** Ends the stream, if it has begun. */
  stop(): void {
    this.#stream?.stop();
  }

  /** Its source may have changed. */
  look(): void {
    if (this.#o.source()?.instanceId !== this.#source.instanceId) this.stop();
  }

  /** @throws why it ended, unless its mysqld did. */
  async run(): Promise<void> {
    const { writer, ending, isStopped, memory, inTurn } = this.#o;
    const { socket, instanceId, mysqlServerId } = this.#source;
    await withConnection(socket, async (connection) => {
      // A server that hangs must not keep anybody from ending this.
      const from = await Promise.race([this.#begin(connection), ending]);
      const [variables] = await rows<{ checksum: string }>(connection, 'SELECT @@GLOBAL.binlog_checksum AS checksum');
      writer.beginStream({ instanceId, ...from, checksum: variables!.checksum !== 'NONE' });
      if (isStopped()) return;
      const { file, position } = from;
      const stream = await streamBinlog(
        { socket, serverId: STREAM_SERVER_ID + mysqlServerId, file, position },
        (events) =>
          inTurn(async () => {
            if ((await writer.take(events)) > 0) memory.refusals = 0;
          }),
      );
      this.#stream = stream;
      this.look();
      await this.#follow(connection, stream);
    });
  }

  /** Until the stream ends. */
  async #follow(connection: Connection, stream: BinlogStream): Promise<void> {
    const state = { over: false };
    const ended = stream.ended.then((failure) => {
      state.over = true;
      return failure;
    });
    try {
      while (!state.over && !this.#o.isStopped()) {
        // A server that hangs does not answer before it is ended.
        await Promise.race([ended, this.#cover(connection, () => state.over)]);
        this.#o.looks.looked();
        await Promise.race([ended, this.#o.looks.due()]);
      }
    } finally {
      stream.stop();
      await ended;
      this.#stream = undefined;
      this.#o.told('The connection to the server ended; it is being connected again.');
    }
    const { memory } = this.#o;
    const failure = await ended;
    // A mysqld that ends takes its connections along: nothing is wrong with that.
    if (!failure || this.#o.source()?.instanceId !== this.#source.instanceId) return;
    if ((failure as { errno?: number }).errno === ER_SOURCE_FATAL_ERROR_READING_BINLOG) {
      memory.refusals += 1;
      if (memory.refusals >= MOST_REFUSALS) memory.anew = LOG_IS_UNREADABLE;
    }
    throw failure;
  }

  /** Where the stream is to begin; a new chain is begun where it cannot go on without a gap. */
  async #begin(connection: Connection): Promise<Start & { expected: string | null }> {
    const { writer, memory, isStopped, log, serverId } = this.#o;
    const { instanceId } = this.#source;
    const { chain, archived, position: known } = writer.progress;
    const found =
      !chain || memory.anew
        ? await startAnew(connection, await readBinlogStatus(connection), memory.anew ?? '')
        : await findStart(
            connection,
            { instanceId, archived, known },
            { drop: (extra) => writer.drop(extra), isStopped },
          );
    const { start, status } = found;
    this.#executed = GtidSet.parse(status.executed);
    if (!('anew' in found)) return { ...start, expected: found.expected };
    writer.beginChain(this.#executed, found.anew);
    if (chain) {
      const { executed, purged } = status;
      const facts = { server: serverId, archived: archived.toString(), executed, purged, from: known };
      log.warn(facts, `a new archive begins: ${found.anew}`);
    }
    memory.anew = undefined;
    memory.refusals = 0;
    return { ...start, expected: null };
  }

  /** How far the archive is known to reach, though nothing was written; and whether the server's log is still the same. */
  async #cover(connection: Connection, isOver: () => boolean): Promise<void> {
    const { writer, clock, told } = this.#o;
    const { progress } = writer;
    const at = clock.now() * 1000;
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
      told(null, true);
      progress.saveCovered({ atLeastMs: SAVE_MS });
    } else if (progress.coveredUntil !== null && at - progress.coveredUntil > BEHIND_MS * 1000) {
      told('The archive is behind the server.');
    } else {
      told(null);
    }
  }
}
