import { open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { readEventChange, type EventChange } from '../mysql/event-changes.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import type { LogSegmentRow } from '../store/log-segments.ts';
import { BINLOG_MAGIC, EVENT, hasChecksums, readHeader, readQuery } from './binlog-events.ts';
import { DamagedFileError } from './sealed-file.ts';
import { readTransactions } from './segment-reader.ts';

export interface RelayLogs {
  transactions: number;
  bytes: number;
  /** All that there is once they are applied. */
  expected: string;
  /** Of the last transaction in them; null: there is none. */
  lastMoment: number | null;
  /** What they do to whether events run, which MySQL does not keep when it applies them. */
  events: EventChange[];
}

/**
 * Puts archived log into a data directory as relay logs, cut right after the last transaction that is wanted: applying
 * all of them ends exactly there.
 *
 * @param segments with the file of each.
 * @param moment microseconds: transactions after it are left out.
 * @throws {DamagedFileError}
 */
export async function writeRelayLogs(
  segments: readonly { segment: LogSegmentRow; path: string }[],
  key: Buffer,
  { dataDirectory, moment, gtidsBefore }: { dataDirectory: string; moment: number; gtidsBefore: string },
  progress: (bytes: number) => void,
): Promise<RelayLogs> {
  const expected = GtidSet.parse(gtidsBefore);
  const names: string[] = [];
  let transactions = 0;
  let bytes = 0;
  let lastMoment: number | null = null;
  const events: EventChange[] = [];
  for (const { segment, path } of segments) {
    const name = `relay.${String(names.length + 1).padStart(6, '0')}`;
    const relay = await RelayFile.create(join(dataDirectory, name));
    let end = 0;
    let whole = 0;
    let said: EventChange[] = [];
    try {
      const reading = readTransactions(path, key, {
        previousMoment: segment.previousMoment,
        checksum: segment.sha256,
        onPart: (part) => relay.write(part),
        onEvent(event, checksum) {
          if (readHeader(event).type !== EVENT.query) return;
          const change = readEventChange(readQuery(event, checksum));
          if (change) said.push(change);
        },
      });
      for await (const one of reading) {
        if (one.to > segment.plainBytes) break;
        whole = one.to;
        const changes = said;
        said = [];
        if (one.moment > moment) continue;
        events.push(...changes);
        end = one.to;
        transactions += 1;
        lastMoment = one.moment;
        expected.add(one.source, one.number);
      }
      if (whole !== segment.plainBytes) throw new DamagedFileError(path, whole, 'transactions in it are missing');
    } finally {
      await relay.close(end);
    }
    if (end === 0) {
      await rm(join(dataDirectory, name));
      continue;
    }
    bytes += end;
    progress(bytes);
    names.push(name);
  }
  await writeFile(join(dataDirectory, 'relay.index'), names.map((name) => `./${name}\n`).join(''), { mode: 0o600 });
  return { transactions, bytes, expected: expected.toString(), lastMoment, events };
}

const WRITE_BYTES = 1024 * 1024;

/** One relay log: written as its segment is read, and cut once it is known where. */
class RelayFile {
  readonly #file: FileHandle;
  #written: Promise<void> = Promise.resolve();
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  /** What was put in at its beginning; undefined before that. */
  #added: number | undefined;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<RelayFile> {
    return new RelayFile(await open(path, 'w', 0o600));
  }

  /**
   * @param part plain bytes of a segment: often few, for each came when it was committed. Many are written together.
   */
  async write(part: Buffer): Promise<void> {
    const piece = this.#added === undefined ? withPreviousGtids(part) : part;
    this.#added ??= piece.length - part.length;
    this.#waiting.push(piece);
    this.#waitingBytes += piece.length;
    if (this.#waitingBytes >= WRITE_BYTES) await this.#flush();
  }

  /** Resolves when what came before is written. */
  async #flush(): Promise<void> {
    const pieces = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.#written;
    this.#written = this.#file.writeFile(pieces);
    // Whoever waits for it hears of its failure.
    this.#written.catch(() => {});
  }

  /** @param end where in the segment's plain bytes what is wanted ends. */
  async close(end: number): Promise<void> {
    try {
      await this.#flush();
      await this.#written;
      await this.#file.truncate(end === 0 ? 0 : end + (this.#added ?? 0));
    } finally {
      await this.#file.close();
    }
  }
}

/**
 * MySQL wants each of its relay logs to say which transactions were in those before it: right after the description of
 * the format. None is true enough: what has been executed already is passed over all the same.
 *
 * @param start of a segment: a description of the format is in it as a whole.
 */
function withPreviousGtids(start: Buffer): Buffer {
  const description = start.subarray(BINLOG_MAGIC.length);
  const at = BINLOG_MAGIC.length + readHeader(description).size;
  const checksum = hasChecksums(start.subarray(BINLOG_MAGIC.length, at));
  const event = Buffer.alloc(19 + 8 + (checksum ? 4 : 0));
  event[4] = EVENT.previousGtids;
  event.writeUInt32LE(readHeader(description).serverId, 5);
  event.writeUInt32LE(event.length, 9);
  event.writeUInt16LE(IGNORABLE, 17);
  if (checksum) event.writeUInt32LE(crc32(event.subarray(0, -4)), event.length - 4);
  return Buffer.concat([start.subarray(0, at), event, start.subarray(at)]);
}

const IGNORABLE = 0x80;
