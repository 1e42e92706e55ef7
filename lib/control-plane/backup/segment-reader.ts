import { BINLOG_MAGIC, EVENT, gtidText, hasChecksums, readGtid, readHeader, type GtidEvent } from './binlog-events.ts';
import { DamagedFileError, readSealed, type ReadOptions } from './sealed-file.ts';

/** The common header of events, and where in it an event's size stands. */
const HEADER_BYTES = 19;
const SIZE_AT = 9;

/** A transaction as it lies in a segment. */
export interface ArchivedTransaction extends GtidEvent {
  gtid: string;
  /** Its own microsecond: later than that of the one before it. */
  moment: number;
  /** Where it begins and ends in the segment's plain bytes. */
  from: number;
  to: number;
  /** Where it begins in the server's own file. */
  sourcePosition: number;
}

/** Names a transaction so that another that got the same GTID, after the log was reset, has another name. */
export function transactionText({ source, number, committedAt }: GtidEvent): string {
  return `${gtidText({ source, number })}@${committedAt}`;
}

/** Which transaction such a text names. */
export function gtidOf(text: string): string {
  return text.slice(0, text.lastIndexOf('@'));
}

/** The moment of a transaction: when it was committed, or right after the one before where the clock says it was earlier. */
export function momentAfter(previous: number, committedAt: number): number {
  return Math.max(previous + 1, committedAt);
}

/** Handed the plain bytes as they come, all of them in their order. */
type OnPart = (part: Buffer) => Promise<void>;

interface SegmentEvent {
  event: Buffer;
  /** Where it begins in the segment's plain bytes. */
  at: number;
}

/** Walks through a segment's events: whole ones, however its bytes come in. */
export async function* readSegmentEvents(path: string, key: Buffer, options: ReadOptions = {}) {
  for await (const batch of readEventBatches(path, key, options)) yield* batch;
}

/** The same, as many at a time as are there: a log has millions, and waiting for each by itself takes long. */
async function* readEventBatches(
  path: string,
  key: Buffer,
  { onPart, ...options }: { onPart?: OnPart | undefined } & ReadOptions,
): AsyncGenerator<SegmentEvent[]> {
  let rest: Buffer = Buffer.alloc(0);
  let at = 0;
  for await (const part of readSealed(path, key, options)) {
    await onPart?.(part);
    rest = rest.length === 0 ? part : Buffer.concat([rest, part]);
    if (at === 0) {
      if (rest.length < BINLOG_MAGIC.length) continue;
      rest = rest.subarray(BINLOG_MAGIC.length);
      at = BINLOG_MAGIC.length;
    }
    const batch: SegmentEvent[] = [];
    let done = 0;
    while (rest.length - done >= HEADER_BYTES) {
      const size = rest.readUInt32LE(done + SIZE_AT);
      if (size < HEADER_BYTES) throw new DamagedFileError(path, at + done, 'an event in it has no length');
      if (rest.length - done < size) break;
      batch.push({ event: rest.subarray(done, done + size), at: at + done });
      done += size;
    }
    rest = rest.subarray(done);
    at += done;
    if (batch.length > 0) yield batch;
  }
}

/**
 * The whole transactions of a segment; one that is not there to its end is left out.
 *
 * @param options.onEvent told of each event; those of a transaction before it.
 * @param options.onPart handed the plain bytes, before what is in them.
 */
export async function* readTransactions(
  path: string,
  key: Buffer,
  {
    previousMoment,
    onEvent,
    ...options
  }: {
    previousMoment: number;
    onEvent?: (event: Buffer, checksum: boolean) => void;
    onPart?: OnPart;
  } & ReadOptions,
): AsyncGenerator<ArchivedTransaction & { checksum: boolean }> {
  let moment = previousMoment;
  let begun: ArchivedTransaction | undefined;
  let checksum = true;
  for await (const batch of readEventBatches(path, key, options)) {
    for (const { event, at } of batch) {
      const { type, size, nextPosition } = readHeader(event);
      if (type === EVENT.formatDescription) checksum = hasChecksums(event);
      onEvent?.(event, checksum);
      if (type === EVENT.gtid || type === EVENT.taggedGtid) {
        const read = readGtid(event);
        const next = momentAfter(moment, read.committedAt);
        const sourcePosition = nextPosition - size;
        begun = { ...read, gtid: gtidText(read), moment: next, from: at, to: at + read.length, sourcePosition };
      }
      if (!begun || at + size < begun.to) continue;
      moment = begun.moment;
      yield { ...begun, checksum };
      begun = undefined;
    }
  }
}
