import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '../mysql/client.ts';
import { listBinlogs, readBinlogStatus, readPreviousGtids, type BinlogStatus } from './binlog-stream.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { gtidOf } from './segment-reader.ts';
import type { LogPosition } from './segment-writer.ts';

/** Where in a server's binary log a stream begins. */
export interface Start {
  file: string;
  position: number;
}

/** Where the archive goes on. */
export type ArchiveStart =
  | {
      /** What the stream must bring first, where it begins at what is archived already; null: anything. */
      expected: string | null;
      start: Start;
      status: BinlogStatus;
    }
  /** It cannot go on without a gap: a new stretch begins, with what the status says has been executed. */
  | { anew: string; start: Start; status: BinlogStatus };

export const LOG_WAS_RESET = 'The server’s binary log was reset.';
const LOG_IS_GONE = 'Part of the server’s binary log was removed before it was archived, or it was reset.';

/** How long a transaction that the standby had before the primary committed it may need until it counts. */
const COMMIT_MS = 2000;
const AGAIN_MS = 200;

/**
 * Where the stream is to begin, so that the archive goes on without a gap.
 *
 * @param archived what is in the store.
 * @param known where the last of it was, in whose log.
 * @param options.drop leaves out what the server has not: true when that could be done.
 * @throws {Error} what the server says.
 */
export async function findStart(
  connection: Connection,
  { instanceId, archived, known }: { instanceId: string; archived: GtidSet; known: LogPosition },
  { drop, isStopped }: { drop(extra: GtidSet): Promise<boolean>; isStopped(): boolean },
): Promise<ArchiveStart> {
  let status = await readBinlogStatus(connection);
  let executed = GtidSet.parse(status.executed);
  const last = known.transaction;
  // An instance that was a standby meanwhile and made anew has other files: its data came without the log.
  const isSameLog =
    known.instanceId === instanceId &&
    last !== null &&
    !GtidSet.parse(gtidOf(last)).isSubsetOf(GtidSet.parse(status.purged));
  const end = Date.now() + COMMIT_MS;
  // The log is ahead of what counts as executed: a transaction is sent before it is committed, and waits in between
  // until the standby has it. In the same log it is enough that the last one is still where it was.
  const extra = () => archived.minus(executed);
  const isWhole = () => isSameLog || extra().isEmpty();
  while (!isWhole() && Date.now() < end && !isStopped()) {
    await delay(AGAIN_MS);
    status = await readBinlogStatus(connection);
    executed = GtidSet.parse(status.executed);
  }
  let left = archived;
  if (!isWhole()) {
    const surplus = extra();
    if (!(await drop(surplus))) return startAnew(connection, status, LOG_WAS_RESET);
    left = archived.minus(surplus);
  }
  const missing = executed.minus(left);
  if (missing.minus(GtidSet.parse(status.purged)).count() === missing.count()) {
    const found = isSameLog ? await whereItWas(connection, known, left) : await anywhereIn(connection, left);
    if (found) return { ...found, status };
  }
  return startAnew(connection, status, LOG_IS_GONE);
}

/** With what the server has executed by now. */
export async function startAnew(
  connection: Connection,
  status: BinlogStatus,
  anew: string,
): Promise<Extract<ArchiveStart, { anew: string }>> {
  const start = await fileAfter(connection, GtidSet.parse(status.executed));
  if (!start) throw new Error('The server’s binary log goes on while it is looked at.');
  return { anew, start, status };
}

/** In the log that it was archived from last: at the last transaction, which must come first. */
async function whereItWas(
  connection: Connection,
  { file, position, transaction: last }: LogPosition,
  archived: GtidSet,
): Promise<{ start: Start; expected: string | null } | undefined> {
  const binlogs = await listBinlogs(connection);
  const same = binlogs.find((one) => one.file === file);
  // Numbers of files only rise, and files only grow.
  if (same ? position >= same.bytes : file > (binlogs.at(-1)?.file ?? '')) return undefined;
  if (!same || position < 4 || same.bytes >= 2 ** 32) return anywhereIn(connection, archived);
  return { start: { file, position }, expected: last };
}

async function anywhereIn(
  connection: Connection,
  archived: GtidSet,
): Promise<{ start: Start; expected: null } | undefined> {
  const start = await fileAfter(connection, archived);
  return start && { start, expected: null };
}

/**
 * The beginning of the newest file that has all that is not in the set. Never where the log ends at the moment: what
 * is written there already need not count as executed yet, and would be left out for ever.
 */
async function fileAfter(connection: Connection, set: GtidSet): Promise<Start | undefined> {
  for (const { file } of (await listBinlogs(connection)).toReversed()) {
    const before = await readPreviousGtids(connection, file);
    if (before !== undefined && GtidSet.parse(before).isSubsetOf(set)) return { file, position: 4 };
  }
  return undefined;
}
