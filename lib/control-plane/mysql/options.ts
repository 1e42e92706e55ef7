import { availableParallelism, totalmem } from 'node:os';
import { instancePaths, type MysqlInstance } from './instance.ts';
import { isServiceParameter } from './service-parameters.ts';

const MIB = 1024 ** 2;

/** What a SKU asks for. */
export interface ServerSize {
  /** `Standard_D2ds_v4` and the like. */
  name: string;
  vCores: number;
  memoryGiB: number;
  /** What the storage has: those that were asked for, or the size's most where they scale by themselves. */
  iops: number;
  maxConnections: { default: number; max: number };
  /** Azure's default of `innodb_buffer_pool_size` for it. */
  bufferPoolBytes: number;
  /** The most that may be asked for it, here. */
  maxBufferPoolBytes: number;
}

/** What there is to give. */
export interface Machine {
  memoryBytes: number;
  cpus: number;
}

/** System variables as an option file has them: name without dashes, value as text. */
export type MysqldOptions = Record<string, string>;

/** This machine, or the part of it that this process may have (a container's memory limit). */
export function readMachine(): Machine {
  const limit = process.constrainedMemory();
  return { memoryBytes: Math.min(totalmem(), limit > 0 ? limit : Infinity), cpus: availableParallelism() };
}

/**
 * What Azure has set that 8.4 and newer still know, and what may not be another way on any server. Nothing a user sets
 * overrides these.
 * Source: Azure's documentation of server parameters and limitations; MySQL's manual.
 */
const FIXED: MysqldOptions = {
  // Only the gateway may come near: nothing goes around the firewall.
  skip_networking: 'ON',
  mysqlx: 'OFF',
  skip_name_resolve: 'ON',
  // A standby can be given to any server while it runs, so what it takes is there from the start.
  plugin_load_add: 'auth_socket.so;mysql_clone.so;semisync_source.so;semisync_replica.so',
  // The daemon and its table of overrides are the one place that says what is set.
  persisted_globals_load: 'OFF',
  secure_file_priv: 'NULL',
  // Makes the system's schemas read-only for an administrator who may write everywhere else.
  partial_revokes: 'ON',
  disabled_storage_engines: 'MyISAM,BLACKHOLE,ARCHIVE,FEDERATED,MRG_MYISAM,CSV,NDB,EXAMPLE',
  // Cannot change once a data directory is made.
  lower_case_table_names: '1',
  // Backups and replicas stand on these.
  gtid_mode: 'ON',
  enforce_gtid_consistency: 'ON',
  log_bin: 'binlog',
  relay_log: 'relay',
  log_replica_updates: 'ON',
  sync_binlog: '1',
  // The control plane removes what is archived and on the standby; MySQL knows neither.
  binlog_expire_logs_auto_purge: 'OFF',
  innodb_flush_log_at_trx_commit: '1',
  // A restart would throw away what the standby has received, and said so, and not yet executed.
  relay_log_recovery: 'OFF',
  // The control plane starts replication, when it knows from whom.
  skip_replica_start: 'ON',
  // Writers wait for the standby however long it takes: the control plane decides when they need not any more.
  rpl_semi_sync_source_wait_point: 'AFTER_SYNC',
  rpl_semi_sync_source_timeout: '4294967295',
  rpl_semi_sync_source_wait_for_replica_count: '1',
  rpl_semi_sync_source_wait_no_replica: 'ON',
  rpl_semi_sync_replica_enabled: 'ON',
  tls_version: 'TLSv1.2,TLSv1.3',
  auto_generate_certs: 'OFF',
  caching_sha2_password_auto_generate_rsa_keys: 'OFF',
  sha256_password_auto_generate_rsa_keys: 'OFF',
};

/** Azure's defaults where they differ from MySQL's, for what a user may change. */
const DEFAULTS: MysqldOptions = {
  // Sockets count as secure: the gateway is what holds clients to this.
  require_secure_transport: 'ON',
  local_infile: 'ON',
  event_scheduler: 'OFF',
  time_zone: '+00:00',
  log_bin_trust_function_creators: 'ON',
  sql_generate_invisible_primary_key: 'ON',
  binlog_row_image: 'minimal',
  binlog_expire_logs_seconds: '0',
  max_binlog_size: String(100 * MIB),
  max_allowed_packet: String(16 * MIB),
  innodb_print_all_deadlocks: 'OFF',
  slow_query_log: 'OFF',
  log_output: 'FILE',
  performance_schema: 'ON',
};

/** Every server is encrypted at rest, as Azure's are: tables, redo and undo log, binary and relay log. */
const ENCRYPTED: MysqldOptions = {
  default_table_encryption: 'ON',
  innodb_redo_log_encrypt: 'ON',
  innodb_undo_log_encrypt: 'ON',
  binlog_encryption: 'ON',
};

/** What follows from the size and takes effect while mysqld runs, in the order in which it is set. */
export const ONLINE_SIZE_OPTIONS = ['innodb_io_capacity_max', 'innodb_io_capacity'] as const;

/**
 * What a size means on this machine. The formulas are explained to people in docs/sizes.md: keep that page true.
 */
function sizeOptions(size: ServerSize, machine: Machine): MysqldOptions {
  const bufferPool = bufferPoolBytes(size, machine);
  const connections = size.maxConnections.default;
  // Each IO thread takes 256 of the host's 65,536 slots for asynchronous IO, which all servers share.
  const ioThreads = clamp(Math.min(size.vCores, machine.cpus) / 2, 1, 4);
  const tables = clamp(600 * size.vCores, 600, 4000);
  return {
    innodb_buffer_pool_size: String(bufferPool),
    innodb_buffer_pool_chunk_size: String(bufferPoolChunkBytes(bufferPool)),
    innodb_redo_log_capacity: String(clamp(bufferPool / 4, 64 * MIB, 1024 * MIB)),
    innodb_log_buffer_size: String(4 * MIB),
    innodb_read_io_threads: String(ioThreads),
    innodb_write_io_threads: String(ioThreads),
    // Never below what MySQL does with none: a disk that is faster than the size's may be used.
    innodb_io_capacity: String(clamp(size.iops / 2, 200, 10_000)),
    innodb_io_capacity_max: String(clamp(size.iops, 2000, 20_000)),
    key_buffer_size: String(64 * 1024),
    max_connections: String(connections),
    table_open_cache: String(tables),
    table_definition_cache: String(tables),
    // What is measured grows with the size; the compiled defaults take 230 MB however small the server.
    performance_schema_digests_size: String(clamp(1000 * size.vCores, 2000, 10_000)),
    performance_schema_events_statements_history_long_size: '1000',
    performance_schema_error_size: '100',
    performance_schema_hosts_size: '10',
    performance_schema_users_size: String(clamp(5 * size.vCores, 10, 100)),
    performance_schema_accounts_size: String(clamp(10 * size.vCores, 20, 200)),
    performance_schema_max_thread_instances: String(connections + 100),
  };
}

/**
 * Azure's default for the size, at most a sixteenth of this machine's memory (several servers share it), at least 32 MiB;
 * whole multiples of 32 MiB, since InnoDB rounds up to whole chunks.
 */
export function bufferPoolBytes(
  size: Pick<ServerSize, 'bufferPoolBytes'>,
  machine: Pick<Machine, 'memoryBytes'>,
): number {
  const wanted = Math.min(size.bufferPoolBytes, machine.memoryBytes / 16);
  return Math.max(1, Math.floor(wanted / (32 * MIB))) * 32 * MIB;
}

/** 32 MiB, more only where that would be over a thousand chunks, InnoDB's limit. */
function bufferPoolChunkBytes(bufferPool: number): number {
  let chunk = 32 * MIB;
  while (bufferPool / chunk > 1000) chunk *= 2;
  return chunk;
}

function clamp(value: number, low: number, high: number): number {
  return Math.floor(Math.min(Math.max(value, low), high));
}

/** What a mysqld is in its server. */
export type InstanceDuty =
  /** Takes writes, by itself. */
  | 'primary'
  /** Takes writes, and acknowledges none that its standby has not received. */
  | 'acknowledgedPrimary'
  | 'standby'
  /** Executes what was archived, for nobody but the control plane. */
  | 'restoring';

/** All of these but a restore's can be changed while mysqld runs, when its duty does. */
const DUTIES: Record<InstanceDuty, MysqldOptions> = {
  primary: { rpl_semi_sync_source_enabled: 'OFF' },
  acknowledgedPrimary: { rpl_semi_sync_source_enabled: 'ON' },
  standby: {
    rpl_semi_sync_source_enabled: 'OFF',
    super_read_only: 'ON',
    // Durable against the death of its process; the primary is what is durable on disk. Full durability on both sides
    // makes the standby fall behind.
    sync_binlog: '0',
    innodb_flush_log_at_trx_commit: '2',
    event_scheduler: 'OFF',
  },
  restoring: {
    rpl_semi_sync_source_enabled: 'OFF',
    rpl_semi_sync_replica_enabled: 'OFF',
    event_scheduler: 'OFF',
    // What is executed was in a log before. A restore that dies is begun anew, so nothing needs to be durable yet.
    log_replica_updates: 'OFF',
    // With one, MySQL rolls back at its next start what was prepared (XA) and is not in it: all that the replay prepared.
    disable_log_bin: 'ON',
    sync_binlog: '0',
    innodb_flush_log_at_trx_commit: '0',
    innodb_doublewrite: 'OFF',
    // Its files were written a moment ago: read from memory, not from the disk, which would have to write them first. They
    // are brought to the disk once, at the end, by whoever replays.
    innodb_flush_method: 'nosync',
    // A page that is changed many times is written once: at the end, when all are.
    innodb_max_dirty_pages_pct_lwm: '0',
    // What it measures is for nobody.
    performance_schema: 'OFF',
    // What a recovery reads is applied, and what changed is enciphered and written, by more than one at a time.
    innodb_read_io_threads: '4',
    innodb_buffer_pool_instances: '2',
    innodb_page_cleaners: '2',
    relay_log_purge: 'OFF',
    // The number may have been the source's once, whose transactions it would then leave out.
    replicate_same_server_id: 'ON',
    slow_query_log: 'OFF',
  },
};

/** Where the instance's own files lie. */
function placeOptions(instance: MysqlInstance): MysqldOptions {
  const paths = instancePaths(instance);
  return {
    datadir: paths.dataDirectory,
    socket: paths.socket,
    pid_file: paths.pidFile,
    log_error: paths.errorLog,
    slow_query_log_file: paths.slowLog,
    tmpdir: paths.temporaryFolder,
    server_id: String(instance.mysqlServerId),
    ssl_ca: paths.certificateAuthority,
    ssl_cert: paths.certificate,
    ssl_key: paths.certificateKey,
  };
}

/**
 * What this instance's mysqld is started with.
 *
 * @param overrides what the server's user set: system variable → value, already checked against what may be changed.
 *   Nothing in it changes what holds for every server (networking, TLS, durability, encryption, places).
 * @param duty what it is in its server; a primary by itself unless said otherwise.
 */
export function mysqldOptions(
  instance: MysqlInstance,
  size: ServerSize,
  overrides: Readonly<Record<string, string>>,
  machine: Machine,
  duty: InstanceDuty = 'primary',
): MysqldOptions {
  return {
    ...DEFAULTS,
    ...sizeOptions(size, machine),
    ...Object.fromEntries(Object.entries(overrides).filter(([name]) => !isServiceParameter(name))),
    ...FIXED,
    ...ENCRYPTED,
    ...placeOptions(instance),
    ...DUTIES[duty],
    ...(duty === 'restoring' && replayOptions(machine)),
  };
}

/**
 * More workers than processors wait for each other, spinning; and for their turn, where commits keep their order. Nobody
 * sees what is between.
 */
function replayOptions({ cpus }: Machine): MysqldOptions {
  return { replica_parallel_workers: String(clamp(cpus, 1, 4)), replica_preserve_commit_order: 'OFF' };
}

/** Names that a user's override would be ignored for. */
export const FIXED_OPTION_NAMES: ReadonlySet<string> = new Set(
  [
    FIXED,
    ENCRYPTED,
    placeOptions({ id: '', mysqlServerId: 1, folder: '/', runFolder: '/' }),
    { innodb_buffer_pool_chunk_size: '', rpl_semi_sync_source_enabled: '', super_read_only: '', read_only: '' },
  ].flatMap((options) => Object.keys(options)),
);

/** System variables that mysqld's option file knows by another name. */
const OPTION_NAMES: Readonly<Record<string, string>> = { time_zone: 'default_time_zone' };

/**
 * The text of an option file with these options for mysqld.
 *
 * @throws {Error} for a value that an option file cannot hold.
 */
export function optionFileText(options: MysqldOptions): string {
  const lines = Object.entries(options).map(([name, value]) => {
    if (!/^[a-z][a-z0-9_]*$/i.test(name)) throw new Error(`${JSON.stringify(name)} is no option's name.`);
    if (/[\0\r\n]/.test(value)) throw new Error(`The value of ${name} must be on one line.`);
    // Quoted, so that `#` starts no comment and spaces at the ends stay. Escapes: MySQL's manual, "Using Option Files".
    return `${OPTION_NAMES[name] ?? name} = "${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  });
  return `# Written by Flexdeck at each start.\n[mysqld]\n${lines.join('\n')}\n`;
}
