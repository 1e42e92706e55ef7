import { copyFile, link, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from './client.ts';
import { ensureDataDirectory, removeInstance } from './data-directory.ts';
import { ensureDaemonAccountGuarded } from './first-start.ts';
import { instancePaths, type MysqlInstance } from './instance.ts';
import type { MysqldOptions } from './options.ts';
import { ensureReplicationAccount } from './replication.ts';
import { giveToMysqld } from './user.ts';

const BINARY_LOG = /^binlog\.(\d+|index)$/;

/**
 * A mysqld with no data of its own that hands out the binary log of one that is dead: at the dead one's socket, where its
 * standby looks for it. The log is encrypted, and its last file may end in the middle of a transaction: only MySQL itself
 * reads that as it is meant.
 */
export function binaryLogServer(dead: MysqlInstance): MysqlInstance {
  return { ...dead, folder: join(dead.folder, 'binary-log') };
}

/**
 * Its folder, made anew: an empty server's data, the dead one's keyring and its binary log. Changes nothing of the dead
 * one's. Its own process must not run.
 *
 * @param template from `ensureTemplate`.
 * @throws {Error} when there is no binary log to be read.
 */
export async function prepareBinaryLogServer(dead: MysqlInstance, template: string): Promise<void> {
  const reader = binaryLogServer(dead);
  await removeInstance(reader);
  await ensureDataDirectory(reader, template);
  const [from, to] = [instancePaths(dead), instancePaths(reader)];
  await copyFile(from.keyringFile, to.keyringFile);
  await giveToMysqld(to.keyringFile);
  const names = (await readdir(from.dataDirectory)).filter((name) => BINARY_LOG.test(name)).toSorted();
  const files = names.filter((name) => !name.endsWith('.index'));
  if (files.length === 0) throw new Error('The former primary’s binary log is gone.');
  for (const name of names) {
    const [source, copy] = [join(from.dataDirectory, name), join(to.dataDirectory, name)];
    // The last one was open: MySQL cuts off the transaction that it ends in. The others it only reads.
    if (name === files.at(-1) || name.endsWith('.index')) {
      await copyFile(source, copy);
      await giveToMysqld(copy);
    } else {
      await link(source, copy);
    }
  }
}

/** Its folder is gone. Its process must be proven dead. */
export async function removeBinaryLogServer(dead: MysqlInstance): Promise<void> {
  await rm(binaryLogServer(dead).folder, { recursive: true, force: true });
}

/** What it is started with beyond what a primary is. */
export const BINARY_LOG_SERVER_OPTIONS: MysqldOptions = {
  binlog_expire_logs_seconds: '0',
  event_scheduler: 'OFF',
  skip_replica_start: 'ON',
};

/** Lets the standby sign in, without a trace in the log that it is to read. */
export async function ensureStandbyMayRead(connection: Connection): Promise<void> {
  await connection.query('SET SESSION sql_log_bin = 0');
  await ensureDaemonAccountGuarded(connection);
  await ensureReplicationAccount(connection);
}
