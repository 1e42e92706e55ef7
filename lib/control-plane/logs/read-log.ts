import { open } from 'node:fs/promises';
import type { LogEntries, LogEntry, LogKind } from '../../arm/local/log-entry.ts';
import { ArmError } from '../../arm/error.ts';
import { entryStarts, parseEntry } from './log-entries.ts';
import type { LogFile } from './log-files.ts';

/** What one question reads at most, and how many entries it answers with. */
const TAIL_BYTES = 256 * 1024;
const BLOCK_BYTES = 256 * 1024;
const SEARCH_BYTES = 32 * 1024 * 1024;
const MOST_ENTRIES = 200;

interface Place {
  file: LogFile;
  offset: number;
}

/**
 * What a log has said since `cursor`; without one its last entries. It follows a file that was rotated into the next.
 *
 * @param files of one kind, oldest first, the one that is written to last.
 * @param cursor of the answer before. One that leads nowhere any more begins anew.
 */
export async function tailLog(kind: LogKind, files: readonly LogFile[], cursor?: string): Promise<LogEntries> {
  const newest = files.at(-1);
  if (!newest) return { value: [], hasMore: false };
  let place = cursor === undefined ? undefined : placeOf(files, cursor);
  if (!place) {
    const from = Math.max(0, newest.sizeBytes - TAIL_BYTES);
    const { entries, end } = entriesOf(kind, newest, from, await readPiece(newest, from, newest.sizeBytes), true);
    return { value: entries.slice(-MOST_ENTRIES), cursor: cursorOf({ file: newest, offset: end }), hasMore: false };
  }
  // What was read to its end leads on to the next.
  while (place.offset >= place.file.sizeBytes && place.file !== newest) {
    place = { file: files[files.indexOf(place.file) + 1]!, offset: 0 };
  }
  const to = Math.min(place.offset + TAIL_BYTES, place.file.sizeBytes);
  const piece = await readPiece(place.file, place.offset, to);
  const isEnd = to === place.file.sizeBytes;
  const { entries, end } = entriesOf(kind, place.file, place.offset, piece, isEnd);
  const next = { file: place.file, offset: end };
  return { value: entries, cursor: cursorOf(next), hasMore: !isEnd || place.file !== newest };
}

/**
 * Entries that have `text` in them, in any letters, the newest of the answer last. It reads 32 MB backwards at most, in
 * small pieces, so that the daemon goes on answering; `cursor` goes on from there.
 */
export async function searchLog(
  kind: LogKind,
  files: readonly LogFile[],
  { text, cursor }: { text: string; cursor?: string | undefined },
): Promise<LogEntries> {
  const wanted = text.toLowerCase();
  const newest = files.at(-1);
  let place: Place | undefined =
    cursor === undefined ? newest && { file: newest, offset: newest.sizeBytes } : undefined;
  if (cursor !== undefined) place = placeOf(files, cursor);
  const found: LogEntry[] = [];
  let seen = 0;
  let searchedUntil: string | undefined;
  while (place) {
    if (place.offset === 0) {
      const index = files.indexOf(place.file);
      const older = index > 0 ? files[index - 1] : undefined;
      place = older && { file: older, offset: older.sizeBytes };
      continue;
    }
    if (seen >= SEARCH_BYTES || found.length >= MOST_ENTRIES) break;
    const from = Math.max(0, place.offset - BLOCK_BYTES);
    const piece = await readPiece(place.file, from, place.offset);
    const skipped = skipPartOfLine(piece, from);
    const [first] = entryStarts(kind, piece.subarray(skipped));
    // An entry that begins in an older block is read with that, as far as that goes.
    const usable = from === 0 ? piece : piece.subarray(first === undefined ? piece.length : skipped + first);
    const { entries } = entriesOf(kind, place.file, place.offset - usable.length, usable, true, wanted);
    found.unshift(...entries);
    searchedUntil = entries[0]?.time ?? searchedUntil;
    seen += piece.length;
    place = { file: place.file, offset: from === 0 || usable.length === 0 ? from : place.offset - usable.length };
  }
  return {
    value: found,
    ...(place && { cursor: cursorOf(place) }),
    hasMore: place !== undefined,
    ...(searchedUntil !== undefined && { searchedUntil }),
  };
}

/** A piece from the middle of a file begins within a line. */
function skipPartOfLine(piece: Buffer, from: number): number {
  if (from === 0) return 0;
  const end = piece.indexOf(0x0a);
  return end < 0 ? piece.length : end + 1;
}

/**
 * @param isEnd the piece ends where an entry does: the end of the file.
 * @param wanted lower case; only entries with it.
 * @returns entries, and the offset behind the last complete one.
 */
function entriesOf(
  kind: LogKind,
  file: LogFile,
  from: number,
  piece: Buffer,
  isEnd: boolean,
  wanted?: string,
): { entries: LogEntry[]; end: number } {
  const lastLine = piece.lastIndexOf(0x0a) + 1;
  const starts = entryStarts(kind, piece).filter((start) => start < lastLine);
  const last = starts.at(-1);
  // The last one of a piece goes on in the next, unless it is so long that it fills a whole piece.
  const end = isEnd ? lastLine : last !== undefined && last > 0 ? last : piece.length;
  const entries: LogEntry[] = [];
  starts.forEach((start, index) => {
    const stop = Math.min(starts[index + 1] ?? end, end);
    if (stop <= start) return;
    const text = piece.toString('utf8', start, stop);
    if (wanted !== undefined && !text.toLowerCase().includes(wanted)) return;
    const entry = parseEntry(kind, text, `${file.identity}-${from + start}`);
    if (entry) entries.push(file.writer ? { ...entry, zone: file.writer.zone } : entry);
  });
  return { entries, end: from + end };
}

async function readPiece(file: LogFile, from: number, to: number): Promise<Buffer> {
  const handle = await open(file.path, 'r');
  try {
    const buffer = Buffer.alloc(to - from);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function cursorOf({ file, offset }: Place): string {
  return `${file.identity}:${offset}`;
}

/** @throws {ArmError} InvalidParameterValue 400 for what no answer has ever held. */
function placeOf(files: readonly LogFile[], cursor: string): Place | undefined {
  const [, identity, offset] = /^(\d+-\d+):(\d{1,15})$/.exec(cursor) ?? [];
  if (identity === undefined) {
    throw new ArmError(
      'InvalidParameterValue',
      400,
      'The cursor is not one of an answer. Leave it out to begin anew.',
      {
        target: 'cursor',
      },
    );
  }
  const file = files.find((candidate) => candidate.identity === identity);
  return file && Number(offset) <= file.sizeBytes ? { file, offset: Number(offset) } : undefined;
}
