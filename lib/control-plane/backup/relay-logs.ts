import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { readEventChange, type EventChange } from '../mysql/event-changes.ts';
import type { LogSegmentRow } from '../store/log-segments.ts';
import { BINLOG_MAGIC, EVENT, hasChecksums, readHeader, readQuery } from './binlog-events.ts';
import { GtidSet } from './gtid-set.ts';
import { DamagedFileError, readSealed } from './sealed-file.ts';
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
    let end = 0;
    let whole = 0;
    let said: EventChange[] = [];
    const onEvent = (event: Buffer, checksum: boolean) => {
      if (readHeader(event).type !== EVENT.query) return;
      const change = readEventChange(readQuery(event, checksum));
      if (change) said.push(change);
    };
    for await (const one of readTransactions(path, key, { previousMoment: segment.previousMoment, onEvent })) {
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
    if (end === 0) continue;
    const name = `relay.${String(names.length + 1).padStart(6, '0')}`;
    const file = await open(join(dataDirectory, name), 'w', 0o600);
    try {
      let left = end;
      let isFirst = true;
      for await (const part of readSealed(path, key)) {
        const piece = part.subarray(0, left);
        await file.writeFile(isFirst ? withPreviousGtids(piece) : piece);
        isFirst = false;
        left -= piece.length;
        bytes += piece.length;
        progress(bytes);
        if (left === 0) break;
      }
    } finally {
      await file.close();
    }
    names.push(name);
  }
  await writeFile(join(dataDirectory, 'relay.index'), names.map((name) => `./${name}\n`).join(''), { mode: 0o600 });
  return { transactions, bytes, expected: expected.toString(), lastMoment, events };
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
