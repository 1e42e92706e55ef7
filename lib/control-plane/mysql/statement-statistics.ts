import { OWN_ACCOUNTS, rows, type Connection } from './client.ts';

/** What a kind of statement has cost. Times in microseconds. All rise while mysqld lives, unless somebody empties the table. */
export interface StatementCounters {
  count: number;
  time: number;
  lockTime: number;
  errors: number;
  rowsSent: number;
  rowsExamined: number;
  rowsAffected: number;
  /** Runs that read without an index, or without a good one. */
  noIndex: number;
  /** Temporary tables on disk. */
  diskTables: number;
}

/** One row of the performance schema's digests. */
export interface StatementStatistics {
  /** Null for what did not find room among the digests. */
  digest: string | null;
  /** The default database; empty for none. */
  schema: string;
  /** With `?` for values; MySQL cuts it at max_digest_length. */
  text: string;
  counters: StatementCounters;
}

export interface WaitStatistics {
  /** `wait/io/file` */
  kind: string;
  count: number;
  time: number;
}

/**
 * What the daemon runs is not a customer's load: its sessions are not measured any more. The performance schema forgets
 * this with each of mysqld's lives.
 */
export async function leaveOutOwnSessions(connection: Connection, timeout: number): Promise<void> {
  const notMeasured = `UPDATE performance_schema.threads SET instrumented = 'NO' WHERE`;
  await connection.query({ sql: `${notMeasured} processlist_id = CONNECTION_ID()`, timeout });
  for (const user of OWN_ACCOUNTS.filter((account) => account.startsWith('flexdeck'))) {
    await connection.query({
      sql: `INSERT IGNORE INTO performance_schema.setup_actors VALUES ('localhost', ?, '%', 'NO', 'NO')`,
      values: [user],
      timeout,
    });
  }
  await connection.query({
    sql: `${notMeasured} processlist_user IN (?)`,
    values: [OWN_ACCOUNTS],
    timeout,
  });
}

const PICOSECONDS = 1_000_000;

/**
 * The statements that ran lately, with what they have cost since mysqld started.
 *
 * @param withinSeconds how far back "lately" reaches; undefined: all there are.
 */
export async function readStatements(
  connection: Connection,
  { withinSeconds, timeoutMs }: { withinSeconds?: number | undefined; timeoutMs: number },
): Promise<StatementStatistics[]> {
  const [found] = await connection.query({
    sql: `SELECT digest, IFNULL(schema_name, ''), IFNULL(digest_text, ''), count_star, sum_timer_wait DIV ${PICOSECONDS},
                 sum_lock_time DIV ${PICOSECONDS}, sum_errors, sum_rows_sent, sum_rows_examined, sum_rows_affected,
                 sum_no_index_used + sum_no_good_index_used, sum_created_tmp_disk_tables
            FROM performance_schema.events_statements_summary_by_digest
           ${withinSeconds === undefined ? '' : `WHERE last_seen >= NOW(6) - INTERVAL ${Math.ceil(withinSeconds)} SECOND OR digest IS NULL`}`,
    rowsAsArray: true,
    timeout: timeoutMs,
  });
  // What is measured of ours: the statement that ends it.
  const isOwn = (text: string) => text.startsWith('UPDATE `performance_schema` . `threads` SET `instrumented`');
  const rows = found as unknown as [string | null, string, string, ...(number | string)[]][];
  return rows
    .filter(([, , text]) => !isOwn(text))
    .map(([digest, schema, text, ...numbers]) => {
      const [count, time, lockTime, errors, rowsSent, rowsExamined, rowsAffected, noIndex, diskTables] = numbers.map(
        Number,
      ) as [number, number, number, number, number, number, number, number, number];
      return {
        digest,
        schema,
        text,
        counters: { count, time, lockTime, errors, rowsSent, rowsExamined, rowsAffected, noIndex, diskTables },
      };
    });
}

/** What sessions waited for since mysqld started, by class, and for how long it has been up. */
export async function readWaits(
  connection: Connection,
  { timeoutMs }: { timeoutMs: number },
): Promise<{ uptimeSeconds: number; waits: WaitStatistics[] }> {
  const [found] = await connection.query({
    sql: `SELECT SUBSTRING_INDEX(event_name, '/', 3) AS kind, SUM(count_star) AS count,
                 SUM(sum_timer_wait) DIV ${PICOSECONDS} AS time
            FROM performance_schema.events_waits_summary_global_by_event_name
           WHERE count_star > 0 AND event_name <> 'idle' GROUP BY kind
          UNION ALL SELECT 'uptime', variable_value, 0 FROM performance_schema.global_status
           WHERE variable_name = 'Uptime'`,
    timeout: timeoutMs,
  });
  const all = (found as { kind: string; count: unknown; time: unknown }[]).map(({ kind, count, time }) => ({
    kind,
    count: Number(count),
    time: Number(time),
  }));
  return {
    uptimeSeconds: all.find(({ kind }) => kind === 'uptime')?.count ?? 0,
    waits: all.filter(({ kind }) => kind !== 'uptime'),
  };
}

/** The newest run of a statement that the server remembers, as it was run: values and all. */
export async function readSample(
  connection: Connection,
  { digest, schema }: { digest: string; schema: string },
): Promise<{ text: string; at: Date } | undefined> {
  const [found] = await rows<{ text: string; at: Date }>(
    connection,
    `SELECT query_sample_text AS text, query_sample_seen AS at
       FROM performance_schema.events_statements_summary_by_digest
      WHERE digest = ? AND IFNULL(schema_name, '') = ? AND query_sample_text <> ''`,
    [digest, schema],
  );
  return found;
}
