import { rename, rm } from 'node:fs/promises';
import { transaction, type Database } from '../store/database.ts';
import { deleteBackupEvents, insertBackupEvents, type BackupEventRow } from '../store/backup-events.ts';
import {
  deleteLogSegment,
  findLastLogSegment,
  insertLogSegment,
  updateLogSegment,
  type LogSegmentRow,
} from '../store/log-segments.ts';
import { BINLOG_MAGIC, EVENT, hasChecksums, readHeader } from './binlog-events.ts';
import { TransactionReader, type ChangeEvent } from './change-events.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { DamagedFileError, FRAME_BYTES, readSealed, SealedWriter } from './sealed-file.ts';
import { readSegmentEvents, readTransactions, transactionText, type ArchivedTransaction } from './segment-reader.ts';
import type { StorePaths } from './store-layout.ts';

/** Where in whose binary log the last archived transaction begins, so that it is seen to be the same log still. */
export interface LogPosition {
  instanceId: string;
  file: string;
  position: number;
  /** `gtid@microsecond of its commit`; null: nothing is archived yet, and the position is where it begins. */
  transaction: string | null;
}

/** The segment that a server's log is being written to; its row says what is in it once it is closed. */
export class SegmentWriter {
  readonly id: string;
  readonly openedAt: number;
  readonly #database: Database;
  readonly #serverId: string;
  readonly #path: string;
  readonly #file: SealedWriter;
  #parts: Buffer[] = [];
  #partsBytes = 0;
  /** Plain bytes taken, written or not. */
  #taken = 0;
  #plainBytes = 0;
  #transactions = 0;
  #firstMoment: number | null = null;
  #lastMoment: number | null = null;
  #events: { moment: number; gtid: string; event: ChangeEvent }[] = [];

  private constructor(
    options: { database: Database; id: string; serverId: string; now: number; paths: StorePaths },
    file: SealedWriter,
  ) {
    this.id = options.id;
    this.openedAt = options.now;
    this.#database = options.database;
    this.#serverId = options.serverId;
    this.#path = options.paths.segment(options.id);
    this.#file = file;
  }

  /** @param formatDescription the event that tells how those after it are to be read. */
  static async open(
    options: { database: Database; paths: StorePaths; key: Buffer; now: number; formatDescription: Buffer } & Pick<
      LogSegmentRow,
      'id' | 'serverId' | 'chainId' | 'gtidsBefore' | 'previousMoment'
    >,
    at: LogPosition,
  ): Promise<SegmentWriter> {
    const { database, paths, key, formatDescription, id } = options;
    // The row comes first: a file without a row would never be found again.
    insertLogSegment(database, {
      ...options,
      instanceId: at.instanceId,
      sourceFile: at.file,
      sourcePosition: at.position,
    });
    try {
      const writer = new SegmentWriter(options, await SealedWriter.create(paths.segment(id), key));
      writer.take(BINLOG_MAGIC);
      writer.take(formatDescription);
      writer.#plainBytes = writer.#taken;
      return writer;
    } catch (failure) {
      deleteLogSegment(database, id);
      await rm(paths.segment(id), { force: true });
      throw failure;
    }
  }

  /** Bytes of whole transactions. */
  get plainBytes(): number {
    return this.#plainBytes;
  }

  get transactions(): number {
    return this.#transactions;
  }

  get firstMoment(): number | null {
    return this.#firstMoment;
  }

  take(event: Buffer): void {
    this.#parts.push(event);
    this.#partsBytes += event.length;
    this.#taken += event.length;
  }

  /** The transaction that was taken last is whole. */
  ended({ moment, gtid }: Pick<ArchivedTransaction, 'moment' | 'gtid'>, events: readonly ChangeEvent[]): void {
    this.#plainBytes = this.#taken;
    this.#transactions += 1;
    this.#firstMoment ??= moment;
    this.#lastMoment = moment;
    for (const event of events) this.#events.push({ moment, gtid, event });
  }

  /** What was taken is in the file. */
  async write(): Promise<void> {
    if (this.#partsBytes === 0) return;
    const all = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#partsBytes = 0;
    for (let at = 0; at < all.length; at += FRAME_BYTES) {
      await this.#file.frame(all.subarray(at, at + FRAME_BYTES), { compress: all.length > 4096 });
    }
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    transaction(this.#database, () =>
      insertBackupEvents(
        this.#database,
        events.map((event) => ({ serverId: this.#serverId, ...event })),
      ),
    );
  }

  /** Whole, and known to the store. @param after all that is archived. */
  async close(after: GtidSet, at: LogPosition): Promise<void> {
    if (this.#transactions === 0) {
      await this.#file.abandon();
      deleteLogSegment(this.#database, this.id);
      await rm(this.#path, { force: true });
      return;
    }
    await this.write();
    const sha256 = await this.#file.finish();
    updateLogSegment(this.#database, this.id, {
      state: 'closed',
      gtidsAfter: after.toString(),
      firstMoment: this.#firstMoment,
      lastMoment: this.#lastMoment,
      transactions: this.#transactions,
      plainBytes: this.#plainBytes,
      storedBytes: this.#file.bytes,
      sha256,
      instanceId: at.instanceId,
      sourceFile: at.file,
      sourcePosition: at.position,
      lastTransaction: at.transaction,
    });
  }

  /** The disk failed: what it has is read back at the next attempt. */
  async abandon(): Promise<void> {
    await this.#file.abandon().catch(() => {});
  }
}

/**
 * A segment that was open when its writer died gets its end: what of it is whole is written anew. One of which nothing
 * is left is forgotten: what was in it is fetched from the server once more.
 *
 * @returns whether there was one.
 */
export async function closeLeftOpen(
  database: Database,
  serverId: string,
  { paths, key, bigChangeRows }: { paths: StorePaths; key: Buffer; bigChangeRows: number },
): Promise<boolean> {
  const row = findLastLogSegment(database, serverId);
  if (!row || row.state !== 'open') return false;
  const path = paths.segment(row.id);
  const after = GtidSet.parse(row.gtidsBefore);
  const { id, previousMoment } = row;
  const found: ArchivedTransaction[] = [];
  try {
    for await (const one of readTransactions(path, key, { previousMoment, unfinished: true })) found.push(one);
  } catch (failure) {
    // What lies before the damage is whole; what follows is fetched from the server once more.
    const isGone = (failure as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isGone && !(failure instanceof DamagedFileError)) throw failure;
  }
  if (found.length === 0) {
    deleteLogSegment(database, id);
    await rm(path, { force: true });
    return true;
  }
  const plainBytes = found.at(-1)!.to;
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  const { sha256, storedBytes } = await copyStart({ from: path, to: unfinished, key, plainBytes });
  await rename(unfinished, path);
  const marks: BackupEventRow<ChangeEvent>[] = [];
  for await (const mark of readChanges(path, key, previousMoment, bigChangeRows)) marks.push({ serverId, ...mark });
  transaction(database, () => {
    deleteBackupEvents(database, serverId, { after: previousMoment });
    insertBackupEvents(database, marks);
  });
  for (const { source, number } of found) after.add(source, number);
  updateLogSegment(database, id, {
    state: 'closed',
    gtidsAfter: after.toString(),
    firstMoment: found[0]!.moment,
    lastMoment: found.at(-1)!.moment,
    transactions: found.length,
    plainBytes,
    storedBytes,
    sha256,
    // A segment never holds more than one file's transactions.
    sourcePosition: found.at(-1)!.sourcePosition,
    lastTransaction: transactionText(found.at(-1)!),
  });
  return true;
}

/** So much of a sealed file that was not finished, as a whole one. */
async function copyStart({ from, to, key, plainBytes }: { from: string; to: string; key: Buffer; plainBytes: number }) {
  const copy = await SealedWriter.create(to, key);
  try {
    let left = plainBytes;
    for await (const part of readSealed(from, key, { unfinished: true })) {
      const piece = part.subarray(0, left);
      left -= piece.length;
      await copy.frame(piece, { compress: true });
      if (left === 0) break;
    }
    const sha256 = await copy.finish();
    return { sha256, storedBytes: copy.bytes };
  } catch (failure) {
    await copy.abandon().catch(() => {});
    throw failure;
  }
}

/** What a segment's transactions did, for a timeline whose marks were lost with a writer. */
async function* readChanges(path: string, key: Buffer, previousMoment: number, bigChangeRows: number) {
  const transactions = readTransactions(path, key, { previousMoment });
  const events = readSegmentEvents(path, key);
  let checksum = true;
  try {
    for await (const { gtid, moment, to } of transactions) {
      let reader: TransactionReader | undefined;
      for (;;) {
        const next = await events.next();
        if (next.done) return;
        const { event, at } = next.value;
        const { type, size } = readHeader(event);
        if (type === EVENT.formatDescription) checksum = hasChecksums(event);
        reader ??= new TransactionReader(checksum);
        reader.read(event);
        if (at + size >= to) break;
      }
      for (const event of reader?.finish(bigChangeRows) ?? []) yield { gtid, moment, event };
    }
  } finally {
    await events.return(undefined);
  }
}
