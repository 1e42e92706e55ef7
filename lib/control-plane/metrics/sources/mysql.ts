import { connect, type Connection } from '../../mysql/client.ts';
import type { Readings } from '../readings.ts';

/** Status variables that are metrics under their own name, and those that have another. */
const STATUS_COUNTERS: Readonly<Record<string, string>> = {
  ...own(
    'Innodb_row_lock_time',
    'Innodb_row_lock_waits',
    'Innodb_buffer_pool_read_requests',
    'Innodb_buffer_pool_reads',
    'Innodb_buffer_pool_pages_flushed',
    'Innodb_data_writes',
    'Sort_merge_passes',
    'Com_alter_table',
    'Com_create_db',
    'Com_create_table',
    'Com_delete',
    'Com_drop_db',
    'Com_drop_table',
    'Com_insert',
    'Com_select',
    'Com_update',
    'Queries',
    'Slow_queries',
  ),
  Aborted_connects: 'aborted_connections',
};
const STATUS_LEVELS: Readonly<Record<string, string>> = own(
  'Uptime',
  'Innodb_buffer_pool_pages_data',
  'Innodb_buffer_pool_pages_dirty',
  'Innodb_buffer_pool_pages_free',
  'Threads_running',
);
const COUNTERS: Readonly<Record<string, string>> = {
  ...STATUS_COUNTERS,
  ...own('lock_deadlocks', 'lock_timeouts', 'storage_io_count'),
};
const LEVELS: Readonly<Record<string, string>> = {
  ...STATUS_LEVELS,
  ...own('trx_rseg_history_len', 'active_transactions'),
};

function own(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name]));
}

const quoted = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** Not from the performance schema: its table of status variables leaves out `Com_…`. */
const STATUS = `SHOW GLOBAL STATUS WHERE Variable_name IN (${quoted(Object.keys({ ...STATUS_COUNTERS, ...STATUS_LEVELS }))})`;

/**
 * All else in one statement, since it counts itself in what it counts. `Innodb_deadlocks` is no status variable of
 * Community; innodb_metrics has deadlocks and time-outs. File reads and writes are the performance schema's own count,
 * with asynchronous ones, which /proc's system calls do not have.
 */
const REST = `
  SELECT NAME AS Variable_name, \`COUNT\` AS Value FROM information_schema.INNODB_METRICS
    WHERE NAME IN ('trx_rseg_history_len', 'lock_deadlocks', 'lock_timeouts') AND STATUS = 'enabled'
  UNION ALL SELECT 'active_transactions', COUNT(*) FROM information_schema.INNODB_TRX
  UNION ALL SELECT 'storage_io_count', SUM(COUNT_READ + COUNT_WRITE) FROM performance_schema.file_summary_by_event_name`;

/** What each look runs: `Queries` has as many of it, `Com_select` one. */
const STATEMENTS = [STATUS, REST];

interface StatusRow {
  Variable_name: string;
  Value: string | number | null;
}

/** Rows of name and value as readings. @param life of the mysqld that answered. */
export function parseStatus(found: readonly StatusRow[], life: string): Readings {
  const counters = new Map<string, number>();
  const levels = new Map<string, number>();
  let ageMs: number | undefined;
  for (const { Variable_name: name, Value: value } of found) {
    const number = Number(value);
    if (value === null || value === '' || !Number.isFinite(number)) continue;
    if (COUNTERS[name]) counters.set(COUNTERS[name], number);
    if (LEVELS[name]) levels.set(LEVELS[name], number);
    if (name === 'Uptime') ageMs = number * 1000;
  }
  return { life, ...(ageMs !== undefined && { ageMs }), counters, levels };
}

/** Asks one mysqld again and again over one connection; anew when that broke. */
export interface StatusReader {
  /** @throws mysql2's error, when it does not answer in time too. */
  read(life: string): Promise<Readings>;
  close(): void;
}

export function createStatusReader(socket: string, timeoutMs: number): StatusReader {
  let connection: { life: string; open: Connection } | undefined;

  function close(): void {
    // destroy, not end: a hung server must not hang us at the goodbye.
    connection?.open.destroy();
    connection = undefined;
  }

  async function connected(life: string): Promise<Connection> {
    if (connection?.life === life) return connection.open;
    close();
    const open = await connect(socket, { timeoutMs });
    // A dropped connection is told to whoever asks next; without a listener it would end the daemon.
    open.on('error', () => {});
    connection = { life, open };
    // What is set on the server must neither drop us nor put us into its slow query log.
    await open.query({
      sql: 'SET SESSION wait_timeout = 28800, min_examined_row_limit = 18446744073709551615, long_query_time = 31536000',
      timeout: timeoutMs,
    });
    return open;
  }

  return {
    async read(life) {
      try {
        const open = await connected(life);
        const found: StatusRow[] = [];
        for (const sql of STATEMENTS) {
          const [rows] = await open.query({ sql, timeout: timeoutMs });
          found.push(...(rows as StatusRow[]));
        }
        return parseStatus(found, life);
      } catch (failure) {
        close();
        throw failure;
      }
    },
    close,
  };
}
