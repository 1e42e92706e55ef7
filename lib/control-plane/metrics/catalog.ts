import type { Aggregation } from '../../arm/insights/aggregations.ts';

/** The metrics of Azure Database for MySQL flexible servers, as Azure Monitor's reference lists them. */

export const METRIC_NAMESPACE = 'Microsoft.DBforMySQL/flexibleServers';

export type MetricCategory = 'Availability' | 'Errors' | 'Latency' | 'Saturation' | 'Traffic';
export type MetricUnit = 'Count' | 'Bytes' | 'Percent' | 'Seconds' | 'MilliSeconds';

export interface Metric {
  /** As the REST API calls it. */
  name: string;
  displayName: string;
  category: MetricCategory;
  unit: MetricUnit;
  /** What Azure offers for it; the first is the primary one. Any can be asked for. */
  aggregations: readonly Aggregation[];
  /**
   * `counter`: how much something rose, `level`: how high it stood. `none`: nothing here has it yet (replicas), so it is not offered.
   */
  kind: 'counter' | 'level' | 'none';
  description: string;
}

const LETTERS: Record<string, Aggregation> = { A: 'Average', N: 'Minimum', X: 'Maximum', T: 'Total' };

// name, display name, category, unit, aggregations (the primary one first), kind, what it is
const ROWS: readonly (readonly [string, string, MetricCategory, MetricUnit, string, Metric['kind'], string])[] = [
  [
    'HA_IO_status',
    'HA IO Status',
    'Availability',
    'Count',
    'X',
    'level',
    'Whether the standby receives the binary log: 1 or 0.',
  ],
  [
    'HA_SQL_status',
    'HA SQL Status',
    'Availability',
    'Count',
    'X',
    'level',
    'Whether the standby applies what it received: 1 or 0.',
  ],
  [
    'Replica_IO_Running',
    'Replica IO Status',
    'Availability',
    'Count',
    'X',
    'none',
    'Whether the replica receives the binary log of its source: 1 or 0.',
  ],
  [
    'Replica_SQL_Running',
    'Replica SQL Status',
    'Availability',
    'Count',
    'X',
    'none',
    'Whether the replica applies what it received: 1 or 0.',
  ],
  ['aborted_connections', 'Aborted Connections', 'Errors', 'Count', 'T', 'counter', 'Attempts to connect that failed.'],
  ['HA_replication_lag', 'HA Replication Lag', 'Latency', 'Seconds', 'XAN', 'level', 'How far the standby is behind.'],
  [
    'Innodb_row_lock_time',
    'Innodb Row Lock Time',
    'Latency',
    'MilliSeconds',
    'AXN',
    'counter',
    'Time that statements spent waiting for row locks.',
  ],
  [
    'Innodb_row_lock_waits',
    'Innodb Row Lock Waits',
    'Latency',
    'Count',
    'TXN',
    'counter',
    'How often a statement had to wait for a row lock.',
  ],
  ['Uptime', 'MySQL Uptime', 'Latency', 'Seconds', 'TX', 'level', 'Seconds since mysqld started.'],
  [
    'replication_lag',
    'Replication Lag In Seconds',
    'Latency',
    'Seconds',
    'XAN',
    'none',
    'How far the replica is behind its source.',
  ],
  ['backup_storage_used', 'Backup Storage Used', 'Saturation', 'Bytes', 'XAN', 'level', 'Storage that backups take.'],
  [
    'backup_verification_failed',
    'Backup Verification Failed',
    'Availability',
    'Count',
    'XA',
    'level',
    'Whether the newest test restore failed: 1 or 0. Flexdeck’s own: Azure has none.',
  ],
  [
    'binlog_storage_used',
    'Binlog Storage Used',
    'Saturation',
    'Bytes',
    'AXN',
    'level',
    'Storage that binary logs take.',
  ],
  [
    'cpu_credits_consumed',
    'CPU Credits Consumed',
    'Saturation',
    'Count',
    'XAN',
    'level',
    'CPU credits that a burstable server used.',
  ],
  [
    'cpu_credits_remaining',
    'CPU Credits Remaining',
    'Saturation',
    'Count',
    'XAN',
    'level',
    'CPU credits that a burstable server has left.',
  ],
  ['data_storage_used', 'Data Storage Used', 'Saturation', 'Bytes', 'AXN', 'level', 'Storage that tables take.'],
  [
    'cpu_percent',
    'Host CPU Percent',
    'Saturation',
    'Percent',
    'XAN',
    'level',
    'Processor time of mysqld, of what the size has.',
  ],
  [
    'ibdata1_storage_used',
    'Ibdata1 Storage Used',
    'Saturation',
    'Bytes',
    'AXN',
    'level',
    'Storage that the system tablespace takes.',
  ],
  [
    'Innodb_buffer_pool_pages_data',
    'InnoDB Buffer Pool Pages Data',
    'Saturation',
    'Count',
    'TXN',
    'level',
    'Pages of the buffer pool that hold data.',
  ],
  [
    'Innodb_buffer_pool_pages_dirty',
    'InnoDB Buffer Pool Pages Dirty',
    'Saturation',
    'Count',
    'TXN',
    'level',
    'Pages of the buffer pool that are changed and not yet on disk.',
  ],
  [
    'Innodb_buffer_pool_pages_free',
    'InnoDB Buffer Pool Pages Free',
    'Saturation',
    'Count',
    'TXN',
    'level',
    'Pages of the buffer pool that are free.',
  ],
  [
    'Innodb_buffer_pool_read_requests',
    'InnoDB Buffer Pool Read Requests',
    'Saturation',
    'Count',
    'TXN',
    'counter',
    'Reads of a page, from memory or disk.',
  ],
  [
    'Innodb_buffer_pool_reads',
    'InnoDB Buffer Pool Reads',
    'Saturation',
    'Count',
    'TXN',
    'counter',
    'Reads of a page that was not in memory.',
  ],
  [
    'memory_percent',
    'Memory Percent',
    'Saturation',
    'Percent',
    'XAN',
    'level',
    'Memory that mysqld has, of what the size has.',
  ],
  [
    'others_storage_used',
    'Others Storage Used',
    'Saturation',
    'Bytes',
    'AXN',
    'level',
    'Storage that all other files take: redo and undo logs, temporary files.',
  ],
  [
    'serverlog_storage_limit',
    'Serverlog Storage Limit',
    'Saturation',
    'Bytes',
    'X',
    'level',
    'What the server logs may take at most.',
  ],
  [
    'serverlog_storage_percent',
    'Serverlog Storage Percent',
    'Saturation',
    'Percent',
    'XAN',
    'level',
    'What the server logs take, of what they may.',
  ],
  [
    'serverlog_storage_usage',
    'Serverlog Storage Used',
    'Saturation',
    'Bytes',
    'XAN',
    'level',
    'What the server logs take.',
  ],
  [
    'Sort_merge_passes',
    'Sort Merge Passes',
    'Saturation',
    'Count',
    'TXN',
    'counter',
    'Merge passes of sorts that did not fit in memory.',
  ],
  [
    'io_consumption_percent',
    'Storage IO Percent',
    'Saturation',
    'Percent',
    'XAN',
    'level',
    'Reads and writes of files, of the provisioned IOPS.',
  ],
  ['storage_limit', 'Storage Limit', 'Saturation', 'Bytes', 'X', 'level', 'Provisioned storage.'],
  ['storage_percent', 'Storage Percent', 'Saturation', 'Percent', 'XAN', 'level', 'Used storage, of the provisioned.'],
  ['storage_used', 'Storage Used', 'Saturation', 'Bytes', 'XAN', 'level', 'Used storage: data, logs and all else.'],
  ['Threads_running', 'Threads Running', 'Saturation', 'Count', 'TXN', 'level', 'Threads that are not asleep.'],
  ['active_connections', 'Active Connections', 'Traffic', 'Count', 'XAN', 'level', 'Clients that are connected.'],
  ['active_transactions', 'Active Transactions', 'Traffic', 'Count', 'TAXN', 'level', 'Open InnoDB transactions.'],
  ['Com_alter_table', 'Com Alter Table', 'Traffic', 'Count', 'T', 'counter', 'ALTER TABLE statements.'],
  ['Com_create_db', 'Com Create DB', 'Traffic', 'Count', 'T', 'counter', 'CREATE DATABASE statements.'],
  ['Com_create_table', 'Com Create Table', 'Traffic', 'Count', 'T', 'counter', 'CREATE TABLE statements.'],
  ['Com_delete', 'Com Delete', 'Traffic', 'Count', 'T', 'counter', 'DELETE statements.'],
  ['Com_drop_db', 'Com Drop DB', 'Traffic', 'Count', 'T', 'counter', 'DROP DATABASE statements.'],
  ['Com_drop_table', 'Com Drop Table', 'Traffic', 'Count', 'T', 'counter', 'DROP TABLE statements.'],
  ['Com_insert', 'Com Insert', 'Traffic', 'Count', 'T', 'counter', 'INSERT statements.'],
  ['Com_select', 'Com Select', 'Traffic', 'Count', 'T', 'counter', 'SELECT statements.'],
  ['Com_update', 'Com Update', 'Traffic', 'Count', 'T', 'counter', 'UPDATE statements.'],
  ['network_bytes_ingress', 'Host Network In', 'Traffic', 'Bytes', 'T', 'counter', 'Bytes from clients.'],
  ['network_bytes_egress', 'Host Network Out', 'Traffic', 'Bytes', 'T', 'counter', 'Bytes to clients.'],
  [
    'Innodb_buffer_pool_pages_flushed',
    'Innodb Buffer Pool Pages Flushed',
    'Traffic',
    'Count',
    'AXN',
    'counter',
    'Pages written from the buffer pool to disk.',
  ],
  ['Innodb_data_writes', 'Innodb Data Writes', 'Traffic', 'Count', 'TXN', 'counter', 'Writes of InnoDB.'],
  [
    'trx_rseg_history_len',
    'MySQL History List Length',
    'Traffic',
    'Count',
    'TAXN',
    'level',
    'Length of the history list: old row versions not yet purged.',
  ],
  ['lock_deadlocks', 'MySQL Lock Deadlocks', 'Traffic', 'Count', 'TAXN', 'counter', 'Deadlocks.'],
  [
    'lock_timeouts',
    'MySQL Lock Timeouts',
    'Traffic',
    'Count',
    'TAXN',
    'counter',
    'Waits for a lock that ran into their time limit.',
  ],
  ['Queries', 'Queries', 'Traffic', 'Count', 'T', 'counter', 'Statements, those within stored programs too.'],
  [
    'Slow_queries',
    'Slow Queries',
    'Traffic',
    'Count',
    'T',
    'counter',
    'Statements that took longer than long_query_time.',
  ],
  ['storage_io_count', 'Storage IO Count', 'Traffic', 'Count', 'T', 'counter', 'Reads and writes of files.'],
  ['total_connections', 'Total Connections', 'Traffic', 'Count', 'T', 'counter', 'New connections of clients.'],
];

export const METRICS: readonly Metric[] = ROWS.map(
  ([name, displayName, category, unit, letters, kind, description]) => ({
    name,
    displayName,
    category,
    unit,
    aggregations: [...letters].map((letter) => LETTERS[letter]!),
    kind,
    description,
  }),
);

/** Those that a server of this control plane has. */
export const OFFERED_METRICS: readonly Metric[] = METRICS.filter(({ kind }) => kind !== 'none');

/** Letters' case does not matter, as in Azure. */
export function findOfferedMetric(name: string): Metric | undefined {
  const wanted = name.trim().toLowerCase();
  return OFFERED_METRICS.find((metric) => metric.name.toLowerCase() === wanted);
}
