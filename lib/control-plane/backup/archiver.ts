import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { rows, withConnection, type Connection } from '../mysql/client.ts';
import { transaction, type Database } from '../store/database.ts';
import { deleteBackupEvents } from '../store/backup-events.ts';
import { endLogChain, findOpenChain, insertLogChain, setCovered, type LogChainRow } from '../store/log-chains.ts';
import { listFullBackups } from '../store/full-backups.ts';
import {
  deleteLogSegment,
  findLastLogSegment,
  listLogSegments,
  updateLogSegment,
  type LogSegmentRow,
} from '../store/log-segments.ts';
import { EVENT, gtidText, hasChecksums, readGtid, readHeader, readRotate, type GtidEvent } from './binlog-events.ts';
import {
  listBinlogs,
  readBinlogStatus,
  readPreviousGtids,
  streamBinlog,
  type BinlogStatus,
  type BinlogStream,
} from './binlog-stream.ts';
import { TransactionReader } from './change-events.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { DamagedFileError } from './sealed-file.ts';
import { gtidOf, momentAfter, readTransactions, transactionText, type ArchivedTransaction } from './segment-reader.ts';
import { closeLeftOpen, SegmentWriter, type LogPosition } from './segment-writer.ts';
import { makeStoreFolders, type StorePaths } from './store-layout.ts';

/** Where a server's binary log is to be had now. */
export interface LogSource {
  instanceId: string;
  socket: string;
  /** Of replication, of that instance. */
  mysqlServerId: number;
}

export interface ArchiverOptions {
  database: Database;
  clock: Clock;
  log: Logger;
  serverId: string;
  paths: StorePaths;
  key: Buffer;
  newId(): string;
  /** The primary, while its mysqld lives; asked again and again. */
  source(): LogSource | undefined;
  /** How old a segment may get. */
  segmentMs(): number;
  bigChangeRows(): number;
}

export interface ArchiveStatus {
  state: 'Archiving' | 'Behind' | 'Stopped' | 'Broken';
  /** A sentence for people. */
  reason: string | null;
  /** Microseconds: up to here every transaction is archived. */
  coveredUntil: number | null;
  /** Of the segment that is open now, which its row does not tell yet. */
  open: { transactions: number; plainBytes: number; firstMoment: number | null } | undefined;
}

interface Start {
  file: string;
  position: number;
}

const SEGMENT_BYTES = 32 * 1024 * 1024;
const LOOK_MS = 1000;
const AGAIN_MS = 200;
const SAVE_MS = 15_000;
const BEHIND_MS = 5000;
/** How long a transaction that the standby had before the primary committed it may need until it counts. */
const COMMIT_MS = 2000;
/** So often in a row the stream is refused before the log is taken for gone. */
const MOST_REFUSALS = 3;
const LOG_WAS_RESET = 'The server’s binary log was reset.';
/** MySQL's error when a stream cannot go on: its file or position is gone. */
const ER_SOURCE_FATAL_ERROR_READING_BINLOG = 1236;
/** Replication's server ids of instances are small; the archive's stream has one far above. */
const STREAM_SERVER_ID = 4_000_000_000;

/** Keeps the log of one server archived, through restarts of its mysqld, failovers and deaths of the daemon. */
export class Archiver {
  readonly #o: ArchiverOptions;
  #stopped = false;
  #stream: BinlogStream | undefined;
  #streamOf = '';
  #chain: LogChainRow | undefined;
  /** Written to the store. */
  #archived = new GtidSet();
  /** Those, and what of the batch under way is in a segment already. */
  #taken = new GtidSet();
  /** As the server said last. */
  #executed = new GtidSet();
  #lastMoment = 0;
  #position: LogPosition = { instanceId: '', file: '', position: 0, transaction: null };
  /** What the stream must bring first, where it begins at what is archived already. */
  #expected: string | null = null;
  #reset = false;
  #refusals = 0;
  #segment: SegmentWriter | undefined;
  #formatDescription: Buffer | undefined;
  #checksum = true;
  #transaction:
    | (GtidEvent & {
        position: number;
        gtid: string;
        moment: number;
        left: number;
        reader: TransactionReader;
        skip: boolean;
      })
    | undefined;
  #coveredUntil: number | null = null;
  #savedAt = 0;
  #reason: string | null = 'It is being connected.';
  #failedSince: number | undefined;
  /** Writes, closings and looks take turns. */
  #turn: Promise<unknown> = Promise.resolve();
  readonly #run: Promise<void>;

  constructor(options: ArchiverOptions) {
    this.#o = options;
    this.#run = this.#loop();
  }

  status(): ArchiveStatus {
    const segment = this.#segment;
    const { transactions, plainBytes, firstMoment } = segment ?? {};
    const source = this.#o.source();
    const behind = this.#failedSince !== undefined && this.#o.clock.now() - this.#failedSince > BEHIND_MS;
    return {
      state: !source ? 'Stopped' : behind ? 'Broken' : this.#reason ? 'Behind' : 'Archiving',
      reason: source ? this.#reason : null,
      coveredUntil: this.#coveredUntil,
      open: segment && { transactions: transactions!, plainBytes: plainBytes!, firstMoment: firstMoment! },
    };
  }

  /** The open chain, once there is one. */
  get chainId(): string | undefined {
    return this.#chain?.id;
  }

  has(gtids: GtidSet): boolean {
    return gtids.isSubsetOf(this.#archived);
  }

  /** Resolves true when all of that is archived; false when the time is over. */
  async waitFor(gtids: GtidSet, timeoutMs: number): Promise<boolean> {
    const end = Date.now() + timeoutMs;
    while (!this.#chain || !this.has(gtids)) {
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
    const segment = this.#segment;
    const end = Date.now() + timeoutMs;
    const isOpen = () => segment !== undefined && this.#segment === segment && segment.transactions > 0;
    while (isOpen()) {
      await this.#inTurn(() => this.#closeSegment());
      if (!isOpen()) return;
      if (Date.now() > end) throw new Error('A large transaction is being archived. Try again when it has ended.');
      await delay(50);
    }
  }

  /** Its source may have changed. */
  look(): void {
    if (this.#stream && this.#o.source()?.instanceId !== this.#streamOf) this.#stream.stop();
  }

  /** Resolves when all that was received is in the store. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stream?.stop();
    await this.#run;
    await this.#inTurn(() => this.#closeSegment()).catch((failure) => {
      this.#o.log.error({ err: failure, server: this.#o.serverId }, 'a segment of the log was not closed');
    });
    this.#saveCovered(true);
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
      if (!source) {
        await delay(AGAIN_MS);
        continue;
      }
      try {
        await this.#session(source);
        this.#failedSince = undefined;
      } catch (failure) {
        if (this.#failedSince === undefined) log.warn({ err: failure, server: serverId }, 'the log is not archived');
        this.#failedSince ??= clock.now();
        this.#reason = wordsOf(failure as Error);
        // The file may be at fault: the next attempt begins another.
        await this.#inTurn(async () => {
          await this.#segment?.abandon();
          this.#segment = undefined;
        });
        await delay(AGAIN_MS * 2);
      }
    }
  }

  async #session(source: LogSource): Promise<void> {
    const { database, serverId, paths, key } = this.#o;
    await makeStoreFolders(paths);
    await this.#inTurn(async () => {
      this.#transaction = undefined;
      if (this.#segment) await this.#closeSegment();
      else await closeLeftOpen(database, serverId, { paths, key, bigChangeRows: this.#o.bigChangeRows() });
    });
    this.#remember();
    await withConnection(source.socket, async (connection) => {
      const start = await this.#begin(connection, source);
      const [variables] = await rows<{ checksum: string }>(connection, 'SELECT @@GLOBAL.binlog_checksum AS checksum');
      this.#checksum = variables!.checksum !== 'NONE';
      this.#formatDescription = undefined;
      this.#transaction = undefined;
      this.#position = { ...this.#position, instanceId: source.instanceId, ...start };
      if (this.#stopped) return;
      const stream = await streamBinlog(
        { socket: source.socket, serverId: STREAM_SERVER_ID + source.mysqlServerId, ...start },
        (events) => this.#inTurn(() => this.#take(events)),
      );
      this.#stream = stream;
      this.#streamOf = source.instanceId;
      this.look();
      const state = { over: false };
      const ended = stream.ended.then((failure) => {
        state.over = true;
        return failure;
      });
      try {
        while (!state.over && !this.#stopped) {
          await this.#cover(connection, () => state.over);
          await Promise.race([ended, delay(LOOK_MS)]);
        }
      } finally {
        stream.stop();
        await ended;
        this.#stream = undefined;
        this.#reason = 'The connection to the server ended; it is being connected again.';
      }
      const failure = await ended;
      // A mysqld that ends takes its connections along: nothing is wrong with that.
      if (failure && this.#o.source()?.instanceId === source.instanceId) {
        if ((failure as { errno?: number }).errno === ER_SOURCE_FATAL_ERROR_READING_BINLOG) {
          this.#refusals += 1;
          if (this.#refusals >= MOST_REFUSALS) this.#reset = true;
        }
        throw failure;
      }
    });
  }

  /** What the store knows. */
  #remember(): void {
    const { database, serverId } = this.#o;
    this.#chain = findOpenChain(database, serverId);
    if (!this.#chain) return;
    const last = findLastLogSegment(database, serverId);
    const mine = last?.chainId === this.#chain.id ? last : undefined;
    this.#archived = GtidSet.parse(mine?.gtidsAfter ?? this.#chain.startGtids);
    this.#taken = this.#archived.clone();
    this.#lastMoment = mine ? (mine.lastMoment ?? mine.previousMoment) : this.#chain.startedAt;
    this.#coveredUntil = Math.max(this.#coveredUntil ?? 0, this.#chain.coveredUntil, this.#lastMoment);
    this.#position = mine
      ? {
          instanceId: mine.instanceId,
          file: mine.sourceFile,
          position: mine.sourcePosition,
          transaction: mine.lastTransaction,
        }
      : { instanceId: '', file: '', position: 0, transaction: null };
  }

  /** Where the stream is to begin, so that it goes on without a gap; a new chain where that cannot be. */
  async #begin(connection: Connection, source: LogSource): Promise<Start> {
    let status = await readBinlogStatus(connection);
    this.#executed = GtidSet.parse(status.executed);
    this.#expected = null;
    if (!this.#chain) return this.#newChain(connection, status);
    if (this.#reset) return this.#newChain(connection, status, LOG_WAS_RESET);
    const { instanceId, transaction: last } = this.#position;
    // An instance that was a standby meanwhile and made anew has other files: its data came without the log.
    const isSameLog =
      instanceId === source.instanceId &&
      last !== null &&
      !GtidSet.parse(gtidOf(last)).isSubsetOf(GtidSet.parse(status.purged));
    const end = Date.now() + COMMIT_MS;
    // The log is ahead of what counts as executed: a transaction is sent before it is committed, and waits in between
    // until the standby has it. In the same log it is enough that the last one is still where it was.
    const extra = () => this.#archived.minus(this.#executed);
    const isWhole = () => isSameLog || extra().isEmpty();
    while (!isWhole() && Date.now() < end && !this.#stopped) {
      await delay(AGAIN_MS);
      status = await readBinlogStatus(connection);
      this.#executed = GtidSet.parse(status.executed);
    }
    if (!isWhole() && !(await this.#dropUnacknowledged(extra()))) {
      return this.#newChain(connection, status, LOG_WAS_RESET);
    }
    const missing = this.#executed.minus(this.#archived);
    if (missing.minus(GtidSet.parse(status.purged)).count() === missing.count()) {
      const start = isSameLog ? await this.#whereItWas(connection) : await this.#fileAfter(connection, this.#archived);
      if (start) return start;
    }
    return this.#newChain(
      connection,
      status,
      'Part of the server’s binary log was removed before it was archived, or it was reset.',
    );
  }

  /** In the log that it was archived from last: at the last transaction, which must come first. */
  async #whereItWas(connection: Connection): Promise<Start | undefined> {
    const binlogs = await listBinlogs(connection);
    const { file, position, transaction: last } = this.#position;
    const same = binlogs.find((one) => one.file === file);
    // Numbers of files only rise, and files only grow.
    if (same ? position >= same.bytes : file > (binlogs.at(-1)?.file ?? '')) return undefined;
    if (!same || position < 4 || same.bytes >= 2 ** 32) return this.#fileAfter(connection, this.#archived);
    this.#expected = last;
    return { file, position };
  }

  /**
   * The beginning of the newest file that has all that is not in the set. Never where the log ends at the moment: what
   * is written there already need not count as executed yet, and would be left out for ever.
   */
  async #fileAfter(connection: Connection, set: GtidSet): Promise<Start | undefined> {
    for (const { file } of (await listBinlogs(connection)).toReversed()) {
      const before = await readPreviousGtids(connection, file);
      if (before !== undefined && GtidSet.parse(before).isSubsetOf(set)) return { file, position: 4 };
    }
    return undefined;
  }

  async #newChain(connection: Connection, status: BinlogStatus, reason?: string): Promise<Start> {
    const start = await this.#fileAfter(connection, GtidSet.parse(status.executed));
    if (!start) throw new Error('The server’s binary log goes on while it is looked at.');
    const { database, serverId, clock, newId, log } = this.#o;
    const startedAt = Math.max(clock.now() * 1000, this.#lastMoment + 1);
    const id = newId();
    transaction(database, () => {
      if (this.#chain) {
        this.#saveCovered(true);
        endLogChain(database, this.#chain.id, reason ?? '');
      }
      insertLogChain(database, { id, serverId, startedAt, startGtids: GtidSet.parse(status.executed).toString() });
    });
    if (reason) {
      const archived = this.#archived.toString();
      const { executed, purged } = status;
      const from = this.#position;
      log.warn({ server: serverId, archived, executed, purged, from }, `a new archive begins: ${reason}`);
    }
    this.#chain = findOpenChain(database, serverId);
    this.#archived = GtidSet.parse(status.executed);
    this.#taken = this.#archived.clone();
    this.#lastMoment = startedAt;
    this.#coveredUntil = startedAt;
    this.#reset = false;
    this.#refusals = 0;
    this.#position = { ...this.#position, transaction: null };
    return start;
  }

  /**
   * After a failover: transactions that the old primary had written and nobody had acknowledged do not count. They are
   * the last that were archived of it.
   *
   * @returns false when that is not so.
   */
  async #dropUnacknowledged(extra: GtidSet): Promise<boolean> {
    try {
      return await this.#dropLast(extra);
    } catch (failure) {
      if (failure instanceof DamagedFileError) return false;
      throw failure;
    }
  }

  /** Nothing is dropped before it is clear that all of it is the end of the log, and in no full backup. */
  async #dropLast(extra: GtidSet): Promise<boolean> {
    const { database, serverId, paths, key, log } = this.#o;
    const chain = this.#chain!;
    const bases = listFullBackups(database, serverId).filter(
      ({ chainId, state }) => chainId === chain.id && state === 'Succeeded',
    );
    for (const gtids of [chain.startGtids, ...bases.map(({ gtidsAtStart }) => gtidsAtStart ?? '')]) {
      const base = GtidSet.parse(gtids);
      if (extra.minus(base).count() < extra.count()) return false;
    }
    const segments = listLogSegments(database, serverId).filter(({ chainId }) => chainId === chain.id);
    const ends: { segment: LogSegmentRow; last: ArchivedTransaction | undefined; kept: number; after: GtidSet }[] = [];
    let left = extra.count();
    for (const segment of segments.toReversed()) {
      const after = GtidSet.parse(segment.gtidsBefore);
      let last: ArchivedTransaction | undefined;
      let kept = 0;
      let gone = 0;
      for await (const one of readTransactions(paths.segment(segment.id), key, segment)) {
        if (one.to > segment.plainBytes) break;
        if (extra.has(one.source, one.number)) {
          gone += 1;
          continue;
        }
        if (gone > 0) return false;
        kept += 1;
        last = one;
        after.add(one.source, one.number);
      }
      if (gone === 0) return false;
      ends.push({ segment, last, kept, after });
      left -= gone;
      if (left === 0) break;
      if (last) return false;
    }
    if (left > 0) return false;
    transaction(database, () => {
      for (const { segment, last, kept, after } of ends) {
        deleteBackupEvents(database, serverId, { after: last?.moment ?? segment.previousMoment });
        if (!last) deleteLogSegment(database, segment.id);
        else {
          updateLogSegment(database, segment.id, {
            plainBytes: last.to,
            lastMoment: last.moment,
            transactions: kept,
            gtidsAfter: after.toString(),
            sourcePosition: last.sourcePosition,
            lastTransaction: transactionText(last),
            geoCopiedAt: null,
          });
        }
      }
    });
    log.info(
      { server: serverId, transactions: extra.count() },
      'transactions that were never acknowledged do not count',
    );
    this.#remember();
    return true;
  }

  /** Events as the stream brings them. Nothing of a transaction counts before all of it is written. */
  async #take(events: readonly Buffer[]): Promise<void> {
    const done: { source: string; number: number; moment: number }[] = [];
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
      this.#position = { ...this.#position, position: current.position, transaction: transactionText(current) };
      const changes = current.reader.finish(this.#o.bigChangeRows());
      this.#segment!.ended(current, changes);
      this.#lastMoment = current.moment;
      this.#taken.add(current.source, current.number);
      done.push(current);
    }
    await this.#segment?.write();
    if (done.length > 0) this.#refusals = 0;
    for (const { source, number } of done) this.#archived.add(source, number);
    const last = done.at(-1);
    if (last) this.#coveredUntil = Math.max(this.#coveredUntil ?? 0, last.moment);
  }

  /** Each segment holds transactions of one file. */
  async #rotate(file: string): Promise<void> {
    if (file === this.#position.file) return;
    await this.#closeSegment();
    this.#position = { ...this.#position, file };
  }

  async #describe(event: Buffer): Promise<void> {
    this.#checksum = hasChecksums(event);
    // What is written after it may read otherwise.
    if (this.#formatDescription && this.#segment) await this.#closeSegment();
    this.#formatDescription = event;
  }

  async #beginTransaction(event: Buffer): Promise<void> {
    const read = readGtid(event);
    const { size, nextPosition } = readHeader(event);
    if (this.#expected !== null && this.#expected !== transactionText(read)) {
      this.#reset = true;
      throw new Error(LOG_WAS_RESET);
    }
    this.#expected = null;
    const skip = this.#taken.has(read.source, read.number);
    if (!skip) await this.#openSegment();
    this.#transaction = {
      ...read,
      position: nextPosition - size,
      gtid: gtidText(read),
      moment: momentAfter(this.#lastMoment, read.committedAt),
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
      await this.#closeSegment();
    }
    if (!this.#formatDescription || !this.#chain) throw new Error('The server’s log does not say how to read it.');
    this.#segment = await SegmentWriter.open(
      {
        database,
        paths,
        key,
        now: clock.now(),
        formatDescription: this.#formatDescription,
        id: newId(),
        serverId,
        chainId: this.#chain.id,
        gtidsBefore: this.#taken.toString(),
        previousMoment: this.#lastMoment,
      },
      this.#position,
    );
  }

  async #closeSegment(): Promise<void> {
    const segment = this.#segment;
    if (!segment) return;
    // A transaction that is half in it does not count, and comes once more.
    if (this.#transaction && !this.#transaction.skip) return;
    this.#segment = undefined;
    try {
      await segment.close(this.#taken, this.#position);
    } catch (failure) {
      await segment.abandon();
      throw failure;
    }
    this.#saveCovered(true);
  }

  /** How far the archive is known to reach, though nothing was written; and whether the server's log is still the same. */
  async #cover(connection: Connection, isOver: () => boolean): Promise<void> {
    const { clock } = this.#o;
    const at = clock.now() * 1000;
    let executed: GtidSet;
    try {
      executed = GtidSet.parse((await readBinlogStatus(connection)).executed);
    } catch (failure) {
      if (isOver()) return;
      throw failure;
    }
    // It only ever grows.
    if (!this.#executed.isSubsetOf(executed)) {
      this.#reset = true;
      throw new Error(LOG_WAS_RESET);
    }
    this.#executed = executed;
    if (executed.isSubsetOf(this.#archived)) {
      this.#coveredUntil = Math.max(this.#coveredUntil ?? 0, at);
      this.#reason = null;
      this.#failedSince = undefined;
      this.#saveCovered(false);
    } else if (this.#coveredUntil !== null && at - this.#coveredUntil > BEHIND_MS * 1000) {
      this.#reason = 'The archive is behind the server.';
    } else {
      this.#reason = null;
    }
  }

  #saveCovered(now: boolean): void {
    const { database, clock } = this.#o;
    if (!this.#chain || this.#coveredUntil === null) return;
    if (!now && clock.now() - this.#savedAt < SAVE_MS) return;
    this.#savedAt = clock.now();
    if (database.isOpen) setCovered(database, this.#chain.id, this.#coveredUntil);
  }
}

/** For people: no paths, and nothing of mysqld's own logs. */
function wordsOf(failure: Error): string {
  const code = (failure as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'The backup store is full. Make room on its disk.';
  if (/^E[A-Z]+$/.test(code)) return `The backup store or the server could not be reached (${code}).`;
  return failure.message.includes('/') ? 'The server’s log could not be read.' : failure.message;
}
