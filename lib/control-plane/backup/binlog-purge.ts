import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { rows, type Connection } from '../mysql/client.ts';
import { listBinlogs, readPreviousGtids } from './binlog-stream.ts';
import { GtidSet } from '../mysql/gtid-set.ts';

export interface BinlogPurge {
  /** Each of them has what may go: the archive's closed files, and the standby. */
  holders: readonly GtidSet[];
  /** It and what follows it stay: by the transaction in it a log is known again. */
  keepFrom: string | undefined;
  /** Of the server's. */
  dataDirectory: string;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Removes the files of a server's binary log that nobody needs any more: all that is in them is archived and on the
 * standby, and they are older than `binlog_expire_logs_seconds`. MySQL itself keeps what a client is reading.
 *
 * @returns the oldest file that is left; undefined: nothing was removed.
 */
export async function purgeBinlogs(
  connection: Connection,
  { holders, keepFrom, dataDirectory, now }: BinlogPurge,
): Promise<string | undefined> {
  const files = (await listBinlogs(connection)).map(({ file }) => file);
  const [variables] = await rows<{ seconds: number }>(
    connection,
    'SELECT @@GLOBAL.binlog_expire_logs_seconds AS seconds',
  );
  const youngest = now - Number(variables!.seconds) * 1000;
  // What is kept is named, so it begins where all before it is held.
  let at = keepFrom === undefined ? files.length - 1 : Math.min(files.indexOf(keepFrom), files.length - 1);
  for (; at > 0; at--) {
    const { mtimeMs } = await stat(join(dataDirectory, files[at - 1]!));
    if (mtimeMs > youngest) continue;
    const before = await readPreviousGtids(connection, files[at]!);
    if (before !== undefined && holders.every((held) => isHeld(before, held))) break;
  }
  if (at <= 0) return undefined;
  await connection.query('PURGE BINARY LOGS TO ?', [files[at]]);
  return files[at];
}

function isHeld(gtids: string, held: GtidSet): boolean {
  return GtidSet.parse(gtids).isSubsetOf(held);
}
