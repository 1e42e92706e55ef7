/**
 * What one does by hand beside Flexdeck's backups, on the same server: MySQL's own CLONE, a copy of its files and a
 * replay of the log on a mysqld of one's own; or dumps, loaded into another.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GtidSet } from '../lib/control-plane/mysql/gtid-set.ts';
import { homePaths } from '../lib/control-plane/home.ts';
import { ensureCertificateAuthority, ensureServerCertificate } from '../lib/control-plane/mysql/certificates.ts';
import { rows, withConnection, type Connection } from '../lib/control-plane/mysql/client.ts';
import { ensureDataDirectory, removeInstance } from '../lib/control-plane/mysql/data-directory.ts';
import { instancePaths, type MysqlInstance } from '../lib/control-plane/mysql/instance.ts';
import { mysqldOptions, readMachine, type InstanceDuty, type ServerSize } from '../lib/control-plane/mysql/options.ts';
import { killMysqld, startMysqld, waitUntilReady, type StartedMysqld } from '../lib/control-plane/mysql/process.ts';
import { startReplay } from '../lib/control-plane/mysql/replay.ts';
import { readExecuted, readReplication } from '../lib/control-plane/mysql/replication.ts';
import { runProgram } from '../lib/control-plane/mysql/run-program.ts';
import type { MysqlRuntime } from '../lib/control-plane/mysql/runtime.ts';
import { ensureTemplate } from '../lib/control-plane/mysql/template.ts';
import { giveFolderToMysqld, giveToMysqld } from '../lib/control-plane/mysql/user.ts';
import { PASSWORD } from '../lib/control-plane/testing/servers.ts';
import type { Program } from './gateway-programs.ts';

/** The server that is backed up. */
export interface BareSource {
  socket: string;
  keyringFile: string;
  host: string;
  port: number;
}

/** @param database all of what is measured. */
export interface BareOptions {
  home: string;
  runtime: MysqlRuntime;
  size: ServerSize;
  source: BareSource;
  database: string;
}

/** Of a mysqld that replays for Flexdeck, beside relaxed durability. */
const BEYOND_RELAXED = [
  'innodb_flush_method',
  'innodb_doublewrite',
  'innodb_max_dirty_pages_pct_lwm',
  'disable_log_bin',
  'performance_schema',
  'innodb_read_io_threads',
  'innodb_buffer_pool_instances',
  'innodb_page_cleaners',
  'replica_parallel_workers',
  'replica_preserve_commit_order',
];

/** What one sets where dumps are loaded: nothing durable before the end. */
const RELAXED = { sync_binlog: '0', innodb_flush_log_at_trx_commit: '0' };

export type Dumper = 'mysqldump' | { dumper: Program; loader: Program };

export class BareBackups {
  readonly #o: BareOptions;
  readonly #instance: MysqlInstance;
  readonly #copy: string;
  readonly #logs: string;
  #running: StartedMysqld | undefined;

  constructor(options: BareOptions) {
    this.#o = options;
    const { instanceFolder, runFolder } = homePaths(options.home);
    const folder = instanceFolder('bare');
    // In the home's own run folder: a copy of its server asks for the daemon's certificate.
    this.#instance = { id: 'bare', mysqlServerId: 4_000_000, folder, runFolder };
    this.#copy = join(instanceFolder('bare-copy'), 'data');
    this.#logs = join(instanceFolder('bare-copy'), 'logs');
  }

  on<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    return withConnection(instancePaths(this.#instance).socket, work);
  }

  /** @returns milliseconds. */
  async copyFiles(): Promise<number> {
    const folder = join(this.#copy, '..');
    await rm(this.#copy, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await giveToMysqld(folder);
    return took(async () => {
      await withConnection(this.#o.source.socket, (connection) =>
        connection.query(`CLONE LOCAL DATA DIRECTORY = ${connection.escape(this.#copy)}`),
      );
      await cp(this.#o.source.keyringFile, join(folder, 'keyring'));
    });
  }

  /** The log from a file on, as a stream of it to another place would have brought it by now. */
  async fetchLogs(from: string): Promise<{ bytes: number }> {
    await rm(this.#logs, { recursive: true, force: true });
    await mkdir(this.#logs, { recursive: true });
    const { host, port } = this.#o.source;
    await this.#run(this.#o.runtime.command('mysqlbinlog'), [
      '--no-defaults',
      '--read-from-remote-server',
      '--raw',
      '--to-last-log',
      `--result-file=${this.#logs}/`,
      `--host=${host}`,
      `--port=${port}`,
      '--user=owner',
      '--ssl-mode=REQUIRED',
      from,
    ]);
    const sizes = (await this.#logFiles()).map(async (file) => (await stat(file)).size);
    return { bytes: (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0) };
  }

  /** From the copy and the logs to the first answer with all of it. @returns milliseconds. */
  async restoreFiles(): Promise<number> {
    await this.end();
    const { dataDirectory, keyringFile, temporaryFolder } = instancePaths(this.#instance);
    await mkdir(temporaryFolder, { recursive: true, mode: 0o700 });
    await giveToMysqld(this.#instance.folder, temporaryFolder);
    await this.#certificate();
    const executed = await withConnection(this.#o.source.socket, readExecuted);
    return took(async () => {
      await copyFolder(this.#copy, dataDirectory);
      await cp(join(this.#copy, '../keyring'), keyringFile);
      const names = [];
      for (const [index, file] of (await this.#logFiles()).entries()) {
        const name = `relay.${String(index + 1).padStart(6, '0')}`;
        await cp(file, join(dataDirectory, name));
        names.push(`./${name}\n`);
      }
      await writeFile(join(dataDirectory, 'relay.index'), names.join(''));
      await giveFolderToMysqld(dataDirectory);
      await giveToMysqld(keyringFile);
      await this.#start('restoring');
      await this.on(async (connection) => {
        await startReplay(connection);
        const wanted = GtidSet.parse(executed);
        while (!wanted.isSubsetOf(GtidSet.parse(await readExecuted(connection)))) {
          const { applier, error } = await readReplication(connection);
          if (applier === 'OFF') throw new Error(`The bare replay stopped: ${error}`);
          await delay(50);
        }
      });
    });
  }

  /** @returns milliseconds. */
  async dump(how: Dumper): Promise<number> {
    const { host, port } = this.#o.source;
    const place = this.#dumpFolder(how);
    await rm(place, { recursive: true, force: true });
    await mkdir(place, { recursive: true });
    if (how === 'mysqldump') {
      return took(() =>
        this.#run(this.#o.runtime.command('mysqldump'), [
          '--no-defaults',
          `--host=${host}`,
          `--port=${port}`,
          '--user=owner',
          '--ssl-mode=REQUIRED',
          '--single-transaction',
          '--set-gtid-purged=ON',
          '--no-tablespaces',
          `--result-file=${place}/dump.sql`,
          '--databases',
          this.#o.database,
        ]),
      );
    }
    return took(() =>
      this.#run(how.dumper, [
        '--host',
        host,
        '--port',
        String(port),
        '--user',
        'owner',
        '--password',
        PASSWORD,
        '--ssl',
        '--trx-consistency-only',
        '--threads',
        '2',
        '--database',
        this.#o.database,
        '--outputdir',
        place,
      ]),
    );
  }

  /** Into a new mysqld, which is started outside of what is measured. @returns milliseconds. */
  async load(how: Dumper): Promise<number> {
    await this.end();
    const template = await ensureTemplate({
      runtime: this.#o.runtime,
      templatesFolder: homePaths(this.#o.home).templatesFolder,
    });
    await ensureDataDirectory(this.#instance, template);
    await this.#certificate();
    await this.#start('primary', RELAXED);
    await this.on(async (connection) => {
      await connection.query(`CREATE USER loader@localhost IDENTIFIED BY '${PASSWORD}'`);
      await connection.query('GRANT ALL ON *.* TO loader@localhost');
      await connection.query('RESET BINARY LOGS AND GTIDS');
    });
    const place = this.#dumpFolder(how);
    const { socket } = instancePaths(this.#instance);
    if (how === 'mysqldump') {
      return took(() => this.#run(this.#o.runtime.command('mysql'), this.#asLoader, `${place}/dump.sql`));
    }
    return took(() =>
      this.#run(how.loader, [
        '--socket',
        socket,
        '--user',
        'loader',
        '--password',
        PASSWORD,
        '--ssl',
        '--threads',
        '2',
        '--overwrite-tables',
        '--directory',
        place,
      ]),
    );
  }

  /** The logs through the client, on what was loaded. @returns milliseconds. */
  async replayLogs(): Promise<number> {
    const { file, args } = this.#o.runtime.command('mysqlbinlog');
    const reading = spawn(file, [...args, '--no-defaults', ...(await this.#logFiles())], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: '/',
    });
    return took(() => this.#run(this.#o.runtime.command('mysql'), this.#asLoader, reading.stdout));
  }

  async end(): Promise<void> {
    if (this.#running) await killMysqld(this.#running.identity);
    this.#running = undefined;
    await removeInstance(this.#instance);
  }

  #dumpFolder(how: Dumper): string {
    return join(this.#copy, how === 'mysqldump' ? '../dump' : '../dump-files');
  }

  get #asLoader(): string[] {
    const { socket } = instancePaths(this.#instance);
    return ['--no-defaults', '--binary-mode', `--socket=${socket}`, '--user=loader'];
  }

  async #logFiles(): Promise<string[]> {
    return (await readdir(this.#logs)).toSorted().map((name) => join(this.#logs, name));
  }

  async #certificate(): Promise<void> {
    const { caCertificate: certificate, caKey: key } = homePaths(this.#o.home);
    const authority = await ensureCertificateAuthority({ certificate, key });
    const names = { commonName: 'bare', dnsNames: [], addresses: ['127.0.0.1'] };
    await ensureServerCertificate(authority, this.#instance, names);
  }

  async #start(duty: InstanceDuty, more: Record<string, string> = {}): Promise<void> {
    const { runtime, size } = this.#o;
    const options = { ...mysqldOptions(this.#instance, size, {}, readMachine(), duty), ...more };
    // What one sets by hand: nothing durable before the end. How Flexdeck goes beyond that is what is measured.
    if (duty === 'restoring') for (const name of BEYOND_RELAXED) delete options[name];
    this.#running = await startMysqld({ runtime, instance: this.#instance, options });
    await waitUntilReady(this.#instance, this.#running.identity);
  }

  /** @param input a file, or what another program says. */
  async #run(
    program: { file: string; args: string[]; root?: string },
    args: string[],
    input?: string | NodeJS.ReadableStream,
  ): Promise<void> {
    const child = spawn(program.file, [...program.args, ...args], {
      cwd: '/',
      stdio: [typeof input === 'string' ? openSync(input, 'r') : input ? 'pipe' : 'ignore', 'ignore', 'pipe'],
      env: {
        PATH: '/usr/bin:/bin',
        LC_ALL: 'C',
        MYSQL_PWD: PASSWORD,
        // MariaDB's library, which these are built with, looks for the sign-in's plug-in where it would be installed.
        ...(program.root && {
          MARIADB_PLUGIN_DIR: join(program.root, 'usr/lib/x86_64-linux-gnu/libmariadb3/plugin'),
        }),
      } as unknown as NodeJS.ProcessEnv,
    });
    if (input && typeof input !== 'string') input.pipe(child.stdin!);
    let said = '';
    child.stderr!.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-2000)));
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    if (code !== 0) throw new Error(`${program.args.at(-1) ?? program.file} ended with ${code ?? signal}: ${said}`);
  }
}

/** Its rows, told in one number per table: to compare what came back. */
export async function checksumOf(connection: Connection, database: string): Promise<string> {
  const tables = await rows<{ name: string }>(
    connection,
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? ORDER BY 1`,
    [database],
  );
  const sums = await rows<{ Table: string; Checksum: number }>(
    connection,
    `CHECKSUM TABLE ${tables.map(({ name }) => `${database}.${name}`).join(', ')}`,
  );
  return sums.map(({ Table, Checksum }) => `${Table} ${Checksum}`).join(', ');
}

async function copyFolder(from: string, to: string): Promise<void> {
  await runProgram('cp', ['-a', '--reflink=auto', '--sparse=auto', from, to], { timeoutMilliseconds: 300_000 });
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
