import { rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import { transaction, type Database } from '../store/database.ts';
import { deleteBackupEvents } from '../store/backup-events.ts';
import { listFullBackups } from '../store/full-backups.ts';
import type { LogChainRow } from '../store/log-chains.ts';
import { deleteLogSegment, listLogSegments, updateLogSegment, type LogSegmentRow } from '../store/log-segments.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { DamagedFileError } from './sealed-file.ts';
import { readTransactions, transactionText, type ArchivedTransaction } from './segment-reader.ts';
import type { StorePaths } from './store-layout.ts';

interface Store {
  database: Database;
  log: Logger;
  serverId: string;
  paths: StorePaths;
  key: Buffer;
}

/**
 * After a failover: transactions that the old primary had written and nobody had acknowledged do not count. They are
 * the last that were archived of it.
 *
 * @param chain the open one, all of it in closed segments.
 * @param extra what the archive has and the new primary has not.
 * @returns false when that is not so; nothing is changed then.
 */
export async function dropUnacknowledged(store: Store, chain: LogChainRow, extra: GtidSet): Promise<boolean> {
  try {
    return await dropLast(store, chain, extra);
  } catch (failure) {
    if (failure instanceof DamagedFileError) return false;
    throw failure;
  }
}

/** Nothing is dropped before it is clear that all of it is the end of the log, and in no full backup. */
async function dropLast(
  { database, serverId, paths, key, log }: Store,
  chain: LogChainRow,
  extra: GtidSet,
): Promise<boolean> {
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
  for (const { segment, last } of ends) if (!last) await rm(paths.segment(segment.id), { force: true });
  log.info({ server: serverId, transactions: extra.count() }, 'transactions that were never acknowledged do not count');
  return true;
}
