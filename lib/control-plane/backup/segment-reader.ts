import { BINLOG_MAGIC, EVENT, gtidText, hasChecksums, readGtid, readHeader, type GtidEvent } from './binlog-events.ts';
import { readSealed, type ReadOptions } from './sealed-file.ts';

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

/**
 * Walks through a segment's events: whole ones, however its bytes come in.
 *
 * @returns how the events lie: `at` in plain bytes.
 */
export async function* readSegmentEvents(path: string, key: Buffer, options: ReadOptions = {}) {
  let rest: Buffer = Buffer.alloc(0);
  let at = 0;
  for await (const part of readSealed(path, key, options)) {
    rest = rest.length === 0 ? part : Buffer.concat([rest, part]);
    if (at === 0) {
      if (rest.length < BINLOG_MAGIC.length) continue;
      rest = rest.subarray(BINLOG_MAGIC.length);
      at = BINLOG_MAGIC.length;
    }
    while (rest.length >= 19) {
      const { size } = readHeader(rest);
      if (rest.length < size) break;
      yield { event: rest.subarray(0, size), at };
      rest = rest.subarray(size);
      at += size;
    }
  }
}

/**
 * The whole transactions of a segment; one that is not there to its end is left out.
 *
 * @param options.onEvent told of each event; those of a transaction before it.
 */
export async function* readTransactions(
  path: string,
  key: Buffer,
  {
    previousMoment,
    onEvent,
    ...options
  }: { previousMoment: number; onEvent?: (event: Buffer, checksum: boolean) => void } & ReadOptions,
): AsyncGenerator<ArchivedTransaction & { checksum: boolean }> {
  let moment = previousMoment;
  let begun: ArchivedTransaction | undefined;
  let checksum = true;
  for await (const { event, at } of readSegmentEvents(path, key, options)) {
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
