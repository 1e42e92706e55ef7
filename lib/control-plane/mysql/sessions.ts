import { OWN_ACCOUNTS, rows, type Connection } from './client.ts';

/** More are a fault of their own, and no list that a person reads. */
const MOST_SESSIONS = 1000;
/** Nobody's looking may hold up a server. */
const TIMEOUT_MS = 5_000;

export interface MysqlSession {
  connectionId: number;
  user: string;
  database: string | null;
  command: string;
  seconds: number;
  state: string | null;
  /** As it was sent: values and all. */
  statement: string | null;
  transactionSeconds: number | null;
  rowsLocked: number | null;
  rowsModified: number | null;
}

const SELECT_SESSIONS = `
  SELECT t.processlist_id AS connectionId, t.processlist_user AS user, t.processlist_db AS \`database\`,
         t.processlist_command AS command, IFNULL(t.processlist_time, 0) AS seconds, t.processlist_state AS state,
         t.processlist_info AS statement, TIMESTAMPDIFF(SECOND, x.trx_started, NOW()) AS transactionSeconds,
         x.trx_rows_locked AS rowsLocked, x.trx_rows_modified AS rowsModified
    FROM performance_schema.threads t
    LEFT JOIN information_schema.innodb_trx x ON x.trx_mysql_thread_id = t.processlist_id
   WHERE t.type = 'FOREGROUND' AND t.processlist_id <> CONNECTION_ID() AND t.processlist_user NOT IN (?)`;

/** People's sessions, those that do something first; none of Flexdeck's and the system's own. */
export async function listSessions(connection: Connection): Promise<{ sessions: MysqlSession[]; isCut: boolean }> {
  await useServersTime(connection);
  const found = await timed<MysqlSession>(
    connection,
    `${SELECT_SESSIONS} ORDER BY t.processlist_command = 'Sleep', t.processlist_time DESC LIMIT ${MOST_SESSIONS + 1}`,
  );
  return { sessions: found.slice(0, MOST_SESSIONS), isCut: found.length > MOST_SESSIONS };
}

/** innodb_trx has times of the system's zone, whatever a session's is. */
async function useServersTime(connection: Connection): Promise<void> {
  await connection.query(`SET SESSION time_zone = 'SYSTEM'`);
}

async function timed<Row>(connection: Connection, sql: string): Promise<Row[]> {
  const [found] = await connection.query({ sql, values: [OWN_ACCOUNTS], timeout: TIMEOUT_MS });
  return found as Row[];
}

export interface MysqlLockWait {
  waiting: number;
  blocking: number;
  kind: 'row' | 'table';
  object: string;
  index: string | null;
  mode: string;
  seconds: number | null;
}

/**
 * Who waits for whom: for rows (InnoDB), and for tables (metadata locks: ALTER TABLE behind an open transaction, and all
 * who come behind that).
 */
export async function listLockWaits(connection: Connection): Promise<MysqlLockWait[]> {
  const rowWaits = await timed<MysqlLockWait>(
    connection,
    `SELECT DISTINCT wt.processlist_id AS waiting, bt.processlist_id AS blocking, 'row' AS kind,
            CONCAT(r.object_schema, '.', r.object_name) AS object, r.index_name AS \`index\`, r.lock_mode AS mode,
            TIMESTAMPDIFF(SECOND, x.trx_wait_started, NOW()) AS seconds
       FROM performance_schema.data_lock_waits w
       JOIN performance_schema.data_locks r
         ON r.engine_lock_id = w.requesting_engine_lock_id AND r.engine = w.engine
       JOIN performance_schema.threads wt ON wt.thread_id = w.requesting_thread_id
       JOIN performance_schema.threads bt ON bt.thread_id = w.blocking_thread_id
       LEFT JOIN information_schema.innodb_trx x ON x.trx_id = w.requesting_engine_transaction_id
      WHERE wt.processlist_user NOT IN (?) LIMIT ${MOST_SESSIONS}`,
  );
  const tableWaits = await timed<MysqlLockWait>(
    connection,
    `SELECT DISTINCT wt.processlist_id AS waiting, bt.processlist_id AS blocking, 'table' AS kind,
            CONCAT(p.object_schema, '.', p.object_name) AS object, NULL AS \`index\`, p.lock_type AS mode,
            wt.processlist_time AS seconds
       FROM performance_schema.metadata_locks p
       JOIN performance_schema.metadata_locks g
         ON g.object_type = p.object_type AND g.object_schema = p.object_schema AND g.object_name = p.object_name
        AND g.owner_thread_id <> p.owner_thread_id
        AND IF(p.lock_type IN ('EXCLUSIVE', 'SHARED_NO_READ_WRITE'), g.lock_status = 'GRANTED',
               g.lock_type IN ('EXCLUSIVE', 'SHARED_NO_READ_WRITE', 'SHARED_NO_WRITE', 'SHARED_READ_ONLY'))
       JOIN performance_schema.threads wt ON wt.thread_id = p.owner_thread_id
       JOIN performance_schema.threads bt ON bt.thread_id = g.owner_thread_id
      WHERE p.object_type = 'TABLE' AND p.lock_status = 'PENDING'
        AND wt.processlist_user NOT IN (?) LIMIT ${MOST_SESSIONS}`,
  );
  return [...rowWaits, ...tableWaits];
}

/**
 * Ends a session, or what it runs.
 *
 * @returns whose it was; undefined when there is none, or it is not for people to end.
 */
export async function killSession(
  connection: Connection,
  connectionId: number,
  what: 'connection' | 'query',
): Promise<{ user: string } | undefined> {
  const [session] = await rows<{ user: string }>(
    connection,
    `SELECT processlist_user AS user FROM performance_schema.threads
      WHERE type = 'FOREGROUND' AND processlist_id = ? AND processlist_user NOT IN (?)`,
    [connectionId, OWN_ACCOUNTS],
  );
  if (!session) return undefined;
  try {
    await connection.query(`KILL ${what === 'query' ? 'QUERY' : 'CONNECTION'} ${Math.trunc(connectionId)}`);
  } catch (failure) {
    // It ended by itself meanwhile.
    if ((failure as { code?: string }).code === 'ER_NO_SUCH_THREAD') return undefined;
    throw failure;
  }
  return session;
}
