import { REPLICATION_COMMON_NAME } from './certificates.ts';
import { rows, type Connection } from './client.ts';
import { giveUpHalfTransaction } from './half-transaction.ts';
import { instancePaths, type MysqlInstance } from './instance.ts';

/**
 * Who standbys sign in as. It has no password: it requires a certificate that only standbys get. SYSTEM_USER keeps
 * administrators from changing it.
 */
const REPLICATION_ACCOUNT = 'flexdeck_replication';

/** Where a standby finds the primary: the gateway's private listener. */
export interface ReplicationSource {
  address: string;
  port: number;
}

/** What an instance knows of its source. GTID sets as MySQL writes them, without line breaks. */
export interface ReplicationStatus {
  /** Its own: the transactions that it begins itself are named by it. */
  serverUuid: string;
  /** No source is configured. */
  configured: boolean;
  /** `ON` is connected; `CONNECTING` tries to. */
  receiver: 'ON' | 'OFF' | 'CONNECTING';
  applier: 'ON' | 'OFF';
  /** What it has received from its source, executed or not. */
  received: string;
  executed: string;
  /** The last error of either side, in MySQL's words. */
  error: string | undefined;
}

/** On the primary. Idempotent. */
export async function ensureReplicationAccount(connection: Connection): Promise<void> {
  const account = `${REPLICATION_ACCOUNT}@localhost`;
  const identified = `IDENTIFIED WITH caching_sha2_password BY '' REQUIRE SUBJECT '/CN=${REPLICATION_COMMON_NAME}'`;
  const [found] = await rows(connection, `SELECT 1 FROM mysql.user WHERE user = ? AND host = 'localhost'`, [
    REPLICATION_ACCOUNT,
  ]);
  if (!found) await connection.query(`CREATE USER ${account} ${identified}`);
  else await connection.query(`ALTER USER ${account} ${identified} ACCOUNT UNLOCK`);
  // CONNECTION_ADMIN: clients that take all connections do not keep the standby away.
  await connection.query(`GRANT REPLICATION SLAVE, BACKUP_ADMIN, CONNECTION_ADMIN, SYSTEM_USER ON *.* TO ${account}`);
}

/**
 * Replaces all data of this instance by the source's. MySQL ends the process when it is done (exit code 16): start it
 * again. Its keyring, its certificates and its server UUID stay its own.
 *
 * @throws {Error} mysql2's, when the clone itself failed; the end of the connection is none.
 */
export async function cloneFrom(
  connection: Connection,
  instance: MysqlInstance,
  { address, port }: ReplicationSource,
): Promise<void> {
  const { certificateAuthority, replicationCertificate, replicationCertificateKey } = instancePaths(instance);
  await connection.query('SET GLOBAL clone_valid_donor_list = ?', [`${address}:${port}`]);
  await connection.query('SET GLOBAL clone_ssl_ca = ?, GLOBAL clone_ssl_cert = ?, GLOBAL clone_ssl_key = ?', [
    certificateAuthority,
    replicationCertificate,
    replicationCertificateKey,
  ]);
  try {
    await connection.query(
      `CLONE INSTANCE FROM '${REPLICATION_ACCOUNT}'@'${address}':${port} IDENTIFIED BY '' REQUIRE SSL`,
    );
  } catch (failure) {
    const code = (failure as NodeJS.ErrnoException).code ?? '';
    if (!['PROTOCOL_CONNECTION_LOST', 'ECONNRESET', 'EPIPE', 'ER_SERVER_SHUTDOWN'].includes(code)) throw failure;
  }
}

/** Follows that source by GTID; what it has received before stays. Idempotent. */
export async function ensureFollows(
  connection: Connection,
  instance: MysqlInstance,
  { address, port }: ReplicationSource,
): Promise<void> {
  const status = await readReplication(connection);
  if (status.receiver === 'ON' && status.applier === 'ON') return;
  const { certificateAuthority, replicationCertificate, replicationCertificateKey } = instancePaths(instance);
  if (status.configured) {
    await stopReceiving(connection);
    await giveUpHalfTransaction(connection);
    await connection.query('STOP REPLICA');
  }
  const options = {
    SOURCE_HOST: address,
    SOURCE_PORT: port,
    SOURCE_USER: REPLICATION_ACCOUNT,
    SOURCE_PASSWORD: '',
    SOURCE_AUTO_POSITION: 1,
    SOURCE_SSL: 1,
    SOURCE_SSL_CA: certificateAuthority,
    SOURCE_SSL_CERT: replicationCertificate,
    SOURCE_SSL_KEY: replicationCertificateKey,
    SOURCE_CONNECT_RETRY: 1,
    SOURCE_RETRY_COUNT: 0,
    // Notices a source that is silent though its connection stands.
    SOURCE_HEARTBEAT_PERIOD: 2,
  };
  const text = Object.entries(options).map(([name, value]) => `${name} = ${connection.escape(value)}`);
  await connection.query(`CHANGE REPLICATION SOURCE TO ${text.join(', ')}`);
  await connection.query('SET GLOBAL replica_net_timeout = 5');
  await connection.query('START REPLICA');
}

export async function readReplication(connection: Connection): Promise<ReplicationStatus> {
  const [row] = await rows<{
    receiver: string | null;
    applier: string | null;
    received: string | null;
    executed: string;
    serverUuid: string;
    receiverError: string | null;
    applierError: string | null;
  }>(
    connection,
    `SELECT c.service_state AS receiver, a.service_state AS applier, c.received_transaction_set AS received,
            @@GLOBAL.gtid_executed AS executed, @@GLOBAL.server_uuid AS serverUuid, c.last_error_message AS receiverError,
            coalesce(
              (SELECT nullif(max(w.last_error_message), '') FROM performance_schema.replication_applier_status_by_worker w
                WHERE w.channel_name = ''),
              (SELECT nullif(max(k.last_error_message), '') FROM performance_schema.replication_applier_status_by_coordinator k
                WHERE k.channel_name = '')) AS applierError
       FROM (SELECT 1) one
       LEFT JOIN performance_schema.replication_connection_status c ON c.channel_name = ''
       LEFT JOIN performance_schema.replication_applier_status a ON a.channel_name = ''`,
  );
  const { receiver, applier, received, executed, serverUuid, receiverError, applierError } = row!;
  return {
    serverUuid,
    configured: receiver !== null,
    receiver: receiver === 'ON' || receiver === 'CONNECTING' ? receiver : 'OFF',
    applier: applier === 'ON' ? 'ON' : 'OFF',
    received: oneLine(received ?? ''),
    executed: oneLine(executed),
    error: applierError || receiverError || undefined,
  };
}

export async function readExecuted(connection: Connection): Promise<string> {
  const [row] = await rows<{ executed: string }>(connection, 'SELECT @@GLOBAL.gtid_executed AS executed');
  return oneLine(row!.executed);
}

/** Whether all transactions of `part` are among those of `whole`. */
export async function isSubset(connection: Connection, part: string, whole: string): Promise<boolean> {
  const [row] = await rows<{ yes: number }>(connection, 'SELECT GTID_SUBSET(?, ?) AS yes', [part, whole]);
  return row!.yes === 1;
}

/**
 * Waits until those transactions are executed here.
 *
 * @returns false when the time is over. Nobody may go on to promote then: acknowledged writes would be lost.
 */
export async function waitUntilExecuted(connection: Connection, gtidSet: string, timeoutMs: number): Promise<boolean> {
  const [row] = await rows<{ late: number | null }>(connection, 'SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?) AS late', [
    gtidSet,
    // MySQL takes no time for all the time in the world.
    Math.max(timeoutMs, 1) / 1000,
  ]);
  return row!.late === 0;
}

/**
 * Executes what it has received, or goes on receiving as well: one that was started again does neither by itself. Nothing
 * happens where it does so already.
 */
export async function ensureExecutes(connection: Connection, { receives }: { receives: boolean }): Promise<void> {
  await connection.query(receives ? 'START REPLICA' : 'START REPLICA SQL_THREAD');
}

/** Receives nothing more, so that what it has received is final. */
export async function stopReceiving(connection: Connection): Promise<void> {
  await connection.query('STOP REPLICA IO_THREAD');
}

/**
 * Makes a fully durable, writable server of a standby that has executed all that it received. The last statement is the
 * one that lets writes in. Idempotent. It follows nobody any more, and still knows whom it followed: see
 * {@link forgetSource}.
 *
 * @param eventScheduler the server's own `event_scheduler`, which is off on standbys.
 */
export async function becomePrimary(connection: Connection, eventScheduler: string): Promise<void> {
  await connection.query('STOP REPLICA');
  await connection.query(
    `SET GLOBAL rpl_semi_sync_source_enabled = OFF, GLOBAL sync_binlog = 1, GLOBAL innodb_flush_log_at_trx_commit = 1,
       GLOBAL event_scheduler = ?`,
    [eventScheduler],
  );
  await connection.query('SET GLOBAL super_read_only = OFF, GLOBAL read_only = OFF');
}

/** Removes what a former standby has of its source: addresses, positions, files. Idempotent. */
export async function forgetSource(connection: Connection): Promise<void> {
  await connection.query('RESET REPLICA ALL');
}

/**
 * No write is accepted from here on, and those under way have ended.
 *
 * @returns false when some have not ended in time: then writes are accepted as before.
 */
export async function becomeReadOnly(connection: Connection, timeoutSeconds: number): Promise<boolean> {
  await connection.query('SET lock_wait_timeout = ?', [timeoutSeconds]);
  try {
    await connection.query('SET GLOBAL super_read_only = ON');
    return true;
  } catch (failure) {
    if ((failure as { code?: string }).code !== 'ER_LOCK_WAIT_TIMEOUT') throw failure;
    return false;
  }
}

/** How many statements have been changing something for a second, are not done, and wait for nobody’s lock. */
export async function countLongWrites(connection: Connection): Promise<number> {
  const [row] = await rows<{ count: number }>(
    connection,
    `SELECT COUNT(DISTINCT t.thread_id) AS count
       FROM performance_schema.metadata_locks l JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
       LEFT JOIN information_schema.innodb_trx x
              ON x.trx_mysql_thread_id = t.processlist_id AND x.trx_state = 'LOCK WAIT'
      WHERE x.trx_id IS NULL AND l.object_type = 'GLOBAL' AND l.lock_type = 'INTENTION_EXCLUSIVE' AND l.lock_status = 'GRANTED'
        AND t.processlist_command IN ('Query', 'Execute') AND t.processlist_time >= 1`,
  );
  return row!.count;
}

export async function becomeWritable(connection: Connection): Promise<void> {
  await connection.query('SET GLOBAL super_read_only = OFF, GLOBAL read_only = OFF');
}

/** A primary that becomes a standby without a restart. */
export async function relaxDurability(connection: Connection): Promise<void> {
  await connection.query(
    `SET GLOBAL super_read_only = ON, GLOBAL rpl_semi_sync_source_enabled = OFF, GLOBAL sync_binlog = 0,
       GLOBAL innodb_flush_log_at_trx_commit = 2, GLOBAL event_scheduler = OFF`,
  );
}

/** On the primary: whether a commit is acknowledged only when a standby has received it. Off releases who waits. */
export async function setAcknowledgement(connection: Connection, wanted: 'ON' | 'OFF'): Promise<void> {
  await connection.query(`SET GLOBAL rpl_semi_sync_source_enabled = ${wanted}`);
}

/** How many standbys acknowledge. */
export async function countAcknowledging(connection: Connection): Promise<number> {
  const [row] = await rows<{ Value: string }>(connection, `SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_source_clients'`);
  return Number(row?.Value ?? 0);
}

/** What a primary says of those who wait for its standby, and a standby of itself. */
export interface Acknowledging {
  /** Whether commits wait for a standby at all. */
  enabled: boolean;
  /** How many standbys acknowledge. */
  standbys: number;
  /** How many sessions wait for one. */
  waiting: number;
  /** How many of its threads that execute what was received wait for somebody's lock. */
  locked: number;
}

export async function readAcknowledging(connection: Connection): Promise<Acknowledging> {
  const found = await rows<{ name: string; value: string }>(
    connection,
    `SELECT variable_name AS name, variable_value AS value FROM performance_schema.global_status
      WHERE variable_name IN
        ('Rpl_semi_sync_source_clients', 'Rpl_semi_sync_source_wait_sessions', 'Rpl_semi_sync_source_status')
     UNION ALL
     SELECT 'locked', count(*) FROM performance_schema.threads
      WHERE name IN ('thread/sql/replica_sql', 'thread/sql/replica_worker')
        AND (processlist_state LIKE 'Waiting for % lock' OR processlist_state = 'Waiting for table flush')`,
  );
  const value = (part: string) => found.find(({ name }) => name.endsWith(part))?.value;
  return {
    enabled: value('status') === 'ON',
    standbys: Number(value('clients') ?? 0),
    waiting: Number(value('wait_sessions') ?? 0),
    locked: Number(value('locked') ?? 0),
  };
}

/** MySQL breaks the lines of long sets. */
function oneLine(gtidSet: string): string {
  return gtidSet.replaceAll('\n', '');
}
