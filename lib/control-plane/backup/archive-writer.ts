import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Database } from '../store/database.ts';
import { ArchiveProgress } from './archive-progress.ts';
import { LOG_WAS_RESET } from './archive-start.ts';
import { EVENT, gtidText, hasChecksums, readGtid, readHeader, readRotate, type GtidEvent } from './binlog-events.ts';
import { TransactionReader } from './change-events.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { momentAfter, transactionText } from './segment-reader.ts';
import { closeLeftOpen, SegmentWriter, type LogPosition } from './segment-writer.ts';
import type { StorePaths } from './store-layout.ts';
import { dropUnacknowledged } from './unacknowledged.ts';

export interface ArchiveWriterOptions {
  database: Database;
  clock: Clock;
  log: Logger;
  serverId: string;
  paths: StorePaths;
  key: Buffer;
  newId(): string;
  /** How old a segment may get. */
  segmentMs(): number;
  bigChangeRows(): number;
}

/** The server's log is not the one that was archived so far: nothing goes on from it. */
export class LogResetError extends Error {
  constructor() {
    super(LOG_WAS_RESET);
    this.name = 'LogResetError';
  }
}

/** The transaction that events are being taken of. */
interface Current extends GtidEvent {
  position: number;
  gtid: string;
  moment: number;
  /** Bytes that are still to come. */
  left: number;
  reader: TransactionReader;
  /** It is archived already. */
  skip: boolean;
}

const SEGMENT_BYTES = 32 * 1024 * 1024;

/** Puts a server's log into its store: events as a stream brings them, into segments of whole transactions. Calls must not overlap. */
export class ArchiveWriter {
  readonly #o: ArchiveWriterOptions;
  /** What of it counts by now. */
  readonly progress: ArchiveProgress;
  /** Those, and what of the batch under way is in a segment already. */
  #taken = new GtidSet();
  #expected: string | null = null;
  #segment: SegmentWriter | undefined;
  #formatDescription: Buffer | undefined;
  #checksum = true;
  #transaction: Current | undefined;
  /** Something was not written: what is known of the segment is more than it holds. */
  #isBroken = false;

  constructor(options: ArchiveWriterOptions) {
    this.#o = options;
    this.progress = new ArchiveProgress(options);
  }

  /** The segment that is open now. */
  get segment(): SegmentWriter | undefined {
    return this.#segment;
  }

  /** What was written is in closed segments, and all of it is known: a stream may begin where that ends. */
  async recover(): Promise<void> {
    const { database, serverId, paths, key, bigChangeRows } = this.#o;
    this.#transaction = undefined;
    if (this.#isBroken) {
      // Its file may be at fault: what is whole in it is read back, and another is begun.
      await this.#segment?.abandon();
      this.#segment = undefined;
      this.#isBroken = false;
    }
    if (this.#segment) await this.close();
    else await closeLeftOpen(database, serverId, { paths, key, bigChangeRows: bigChangeRows() });
    this.#remember();
  }

  /** What the end of the archive has and the server has not is left out. @returns false when it is not its end. */
  async drop(extra: GtidSet): Promise<boolean> {
    const dropped = await dropUnacknowledged(this.#o, this.progress.chain!, extra);
    if (dropped) this.#remember();
    return dropped;
  }

  #remember(): void {
    this.progress.remember();
    this.#taken = this.progress.archived.clone();
  }

  /** A new stretch begins, with that already executed. @param reason why the one before it ended. */
  beginChain(executed: GtidSet, reason: string): void {
    this.progress.beginChain(executed, reason);
    this.#taken = executed.clone();
  }

  /**
   * A stream begins.
   *
   * @param from.expected the transaction that must come first; null: any.
   * @param from.checksum whether its first events have one.
   */
  beginStream(from: Omit<LogPosition, 'transaction'> & { expected: string | null; checksum: boolean }): void {
    const { expected, checksum, ...position } = from;
    this.#expected = expected;
    this.#checksum = checksum;
    this.#formatDescription = undefined;
    this.#transaction = undefined;
    this.progress.position = { ...this.progress.position, ...position };
  }

  /**
   * Events as the stream brings them. Nothing of a transaction counts before all of it is written.
   *
   * @returns how many transactions are archived now that were not.
   * @throws {LogResetError} and what the disk says: then nothing is taken before `recover`.
   */
  async take(events: readonly Buffer[]): Promise<number> {
    this.#requireWhole();
    try {
      return await this.#takeAll(events);
    } catch (failure) {
      this.#isBroken = true;
      throw failure;
    }
  }

  #requireWhole(): void {
    if (this.#isBroken) throw new Error('The archive was not written; it is being begun again where it was.');
  }

  async #takeAll(events: readonly Buffer[]): Promise<number> {
    const done: Current[] = [];
    for (const event of events) {
      const { type, size } = readHeader(event);
      if (type === EVENT.rotate) {
        await this.#rotate(readRotate(event, this.#checksum).file);
      } else if (type === EVENT.formatDescription) {
        await this.#describe(event);
      } else if (type === EVENT.gtid || type === EVENT.taggedGtid) {
        await this.#beginTransaction(event);
      }
      const current = this.#transaction;
      if (!current) continue;
      if (!current.skip) {
        current.reader.read(event);
        this.#segment!.take(event);
      }
      current.left -= size;
      if (current.left > 0) continue;
      this.#transaction = undefined;
      if (current.skip) continue;
      this.progress.position = {
        ...this.progress.position,
        position: current.position,
        transaction: transactionText(current),
      };
      const changes = current.reader.finish(this.#o.bigChangeRows());
      this.#segment!.ended(current, changes);
      this.progress.lastMoment = current.moment;
      this.#taken.add(current.source, current.number);
      done.push(current);
    }
    await this.#segment?.write();
    for (const { source, number } of done) this.progress.archived.add(source, number);
    const last = done.at(-1);
    if (last) this.progress.cover(last.moment);
    return done.length;
  }

  /** Each segment holds transactions of one file. */
  async #rotate(file: string): Promise<void> {
    if (file === this.progress.position.file) return;
    await this.close();
    this.progress.position = { ...this.progress.position, file };
  }

  async #describe(event: Buffer): Promise<void> {
    this.#checksum = hasChecksums(event);
    // What is written after it may read otherwise.
    if (this.#formatDescription && this.#segment) await this.close();
    this.#formatDescription = event;
  }

  async #beginTransaction(event: Buffer): Promise<void> {
    const read = readGtid(event);
    const { size, nextPosition } = readHeader(event);
    if (this.#expected !== null && this.#expected !== transactionText(read)) throw new LogResetError();
    this.#expected = null;
    const skip = this.#taken.has(read.source, read.number);
    if (!skip) await this.#openSegment();
    this.#transaction = {
      ...read,
      position: nextPosition - size,
      gtid: gtidText(read),
      moment: momentAfter(this.progress.lastMoment, read.committedAt),
      left: read.length,
      reader: new TransactionReader(this.#checksum),
      skip,
    };
  }

  async #openSegment(): Promise<void> {
    const { database, paths, key, clock, newId, serverId } = this.#o;
    const open = this.#segment;
    if (open) {
      const old = clock.now() - open.openedAt > this.#o.segmentMs();
      if (open.plainBytes < SEGMENT_BYTES && !old) return;
      await this.close();
    }
    if (!this.#formatDescription || !this.progress.chain)
      throw new Error('The server’s log does not say how to read it.');
    this.#segment = await SegmentWriter.open(
      {
        database,
        paths,
        key,
        now: clock.now(),
        formatDescription: this.#formatDescription,
        id: newId(),
        serverId,
        chainId: this.progress.chain.id,
        gtidsBefore: this.#taken.toString(),
        previousMoment: this.progress.lastMoment,
      },
      this.progress.position,
    );
  }

  /**
   * Of the open segment. Nothing happens while a transaction is half in it: that does not count, and comes once more.
   *
   * @throws what the disk says: then nothing is taken before `recover`.
   */
  async close(): Promise<void> {
    const segment = this.#segment;
    if (!segment) return;
    if (this.#transaction && !this.#transaction.skip) return;
    this.#requireWhole();
    try {
      await segment.close(this.#taken, this.progress.position);
    } catch (failure) {
      this.#isBroken = true;
      throw failure;
    }
    this.#segment = undefined;
    this.progress.saveCovered();
  }
}
