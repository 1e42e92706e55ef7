/**
 * The peer: MySQL Group Replication with three members behind MySQL Router, of the same packages. Router learns who is
 * primary from the group by way of an InnoDB Cluster's metadata; what it reads of that is made here, since MySQL Shell,
 * which makes it elsewhere, is not in Debian.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { globSync, openSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readConfig } from '../lib/control-plane/config.ts';
import { homePaths, prepareHome } from '../lib/control-plane/home.ts';
import { ensureCertificateAuthority, ensureServerCertificate } from '../lib/control-plane/mysql/certificates.ts';
import { rows, withConnection } from '../lib/control-plane/mysql/client.ts';
import { ensureDataDirectory } from '../lib/control-plane/mysql/data-directory.ts';
import { instancePaths } from '../lib/control-plane/mysql/instance.ts';
import { mysqldOptions, readMachine } from '../lib/control-plane/mysql/options.ts';
import { prepareRuntimes } from '../lib/control-plane/mysql/prepare-runtime.ts';
import { killMysqld, startMysqld, waitUntilReady, type StartedMysqld } from '../lib/control-plane/mysql/process.ts';
import { ensureTemplate } from '../lib/control-plane/mysql/template.ts';
import { SMALL } from '../lib/control-plane/mysql/testing.ts';
import { mysqldUser } from '../lib/control-plane/mysql/user.ts';
import { makeHome } from '../lib/control-plane/testing/daemon.ts';
import { connectTo, prepareTable, startWriters, type WriterTarget } from '../lib/control-plane/testing/writers.ts';
import type { Program } from './gateway-programs.ts';

const GROUP = '3f1c1ad4-6b0e-4d7e-9d0e-8f3a1f6d2c55';
const PASSWORD = 'Correct-horse-1';
/** The group talks over a network interface's own addresses only, so members differ by port. */
const ADDRESS = '127.0.0.1';
const PORTS = 20_000 + (process.pid % 400) * 10;
const ROUTER_PORT = PORTS;

export type GroupFault = 'kill -9' | 'SIGSTOP' | 'planned';

export interface Group extends AsyncDisposable {
  /** The longest time without an acknowledged write, in milliseconds. */
  measure(fault: GroupFault, writers: number): Promise<number>;
}

export async function createGroup(router: Program): Promise<Group> {
  const home = makeHome();
  const config = readConfig();
  const paths = homePaths(home);
  prepareHome(paths, mysqldUser());
  const [runtime] = await prepareRuntimes({ ...config, home }, () => {});
  const authority = await ensureCertificateAuthority({ certificate: paths.caCertificate, key: paths.caKey });
  const template = await ensureTemplate({ runtime: runtime!, templatesFolder: paths.templatesFolder });
  const members = [1, 2, 3].map((number) => {
    const id = `member-${number}`;
    const instance = { id, mysqlServerId: number, folder: paths.instanceFolder(id), runFolder: paths.runFolder };
    return { instance, port: PORTS + number, groupPort: PORTS + 5 + number };
  });
  type Member = (typeof members)[number];
  const running = new Map<string, StartedMysqld>();
  let routerProcess: ChildProcess | undefined;

  const on = <T>({ instance }: Member, work: Parameters<typeof withConnection<T>>[1]) =>
    withConnection(instancePaths(instance).socket, work);

  async function start({ instance, port, groupPort }: Member): Promise<void> {
    await ensureDataDirectory(instance, template);
    const names = { commonName: instance.id, dnsNames: [], addresses: [ADDRESS] };
    await ensureServerCertificate(authority, instance, names);
    const { skip_networking: _, plugin_load_add, ...options } = mysqldOptions(instance, SMALL, {}, readMachine());
    const started = await startMysqld({
      runtime: runtime!,
      instance,
      options: {
        ...options,
        plugin_load_add: `${plugin_load_add};group_replication.so`,
        bind_address: ADDRESS,
        port: String(port),
        report_host: ADDRESS,
        report_port: String(port),
        loose_group_replication_group_name: GROUP,
        loose_group_replication_start_on_boot: 'OFF',
        loose_group_replication_local_address: `${ADDRESS}:${groupPort}`,
        loose_group_replication_group_seeds: members.map((one) => `${ADDRESS}:${one.groupPort}`).join(','),
        loose_group_replication_recovery_use_ssl: 'ON',
        // Its fastest: who is suspected is expelled at once (the default waits five seconds more).
        loose_group_replication_member_expel_timeout: '0',
      },
    });
    running.set(instance.id, started);
    await waitUntilReady(instance, started.identity);
  }

  async function joinGroup(member: Member, bootstrap: boolean): Promise<void> {
    await on(member, async (own) => {
      await own.query(
        `CHANGE REPLICATION SOURCE TO SOURCE_USER = 'recovery', SOURCE_PASSWORD = '${PASSWORD}' FOR CHANNEL 'group_replication_recovery'`,
      );
      await own.query(`SET GLOBAL group_replication_bootstrap_group = ${bootstrap ? 'ON' : 'OFF'}`);
      await own.query('START GROUP_REPLICATION');
      await own.query('SET GLOBAL group_replication_bootstrap_group = OFF');
    });
  }

  /** What the group is, by whoever of it answers. */
  async function look(): Promise<{ online: number; primary: Member | undefined }> {
    for (const member of members) {
      if (stopped.has(member.instance.id)) continue;
      const found = await on(member, (own) =>
        rows<{ port: number; role: string; state: string }>(
          own,
          'SELECT member_port AS port, member_role AS role, member_state AS state FROM performance_schema.replication_group_members',
        ),
      ).catch(() => []);
      const online = found.filter(({ state }) => state === 'ONLINE');
      const primary = online.find(({ role }) => role === 'PRIMARY');
      if (primary) return { online: online.length, primary: members.find(({ port }) => port === primary.port) };
    }
    return { online: 0, primary: undefined };
  }
  const stopped = new Set<string>();

  async function whole(): Promise<Member> {
    for (const end = Date.now() + 120_000; ;) {
      const { online, primary } = await look();
      if (online === members.length && primary) return primary;
      if (Date.now() > end) throw new Error(`The group has ${online} members online, not all.`);
      await delay(100);
    }
  }

  const [first, ...others] = members as [Member, ...Member[]];
  const target: WriterTarget = { host: ADDRESS, port: ROUTER_PORT, user: 'owner', password: PASSWORD };

  async function make(): Promise<void> {
    for (const member of members) await start(member);
    const known: { port: number; uuid: string }[] = [];
    for (const member of members) {
      const [row] = await on(member, (own) => rows<{ uuid: string }>(own, 'SELECT @@server_uuid AS uuid'));
      known.push({ port: member.port, uuid: row!.uuid });
    }
    await joinGroup(first, true);
    while ((await look()).primary !== first) await delay(100);
    await on(first, async (own) => {
      await own.query(`CREATE USER recovery@'%' IDENTIFIED BY '${PASSWORD}'`);
      await own.query(`GRANT REPLICATION SLAVE, BACKUP_ADMIN, CONNECTION_ADMIN ON *.* TO recovery@'%'`);
      await own.query(`CREATE USER owner@'%' IDENTIFIED BY '${PASSWORD}'`);
      await own.query(`GRANT ALL ON *.* TO owner@'%'`);
      for (const statement of metadata(known)) await own.query(statement);
    });
    for (const member of others) await joinGroup(member, false);
    await whole();
    routerProcess = startRouter(router, { home, ports: members.map(({ port }) => port) });
    for (const end = Date.now() + 30_000; ;) {
      const connected = await connectTo(target).catch(() => undefined);
      if (connected) {
        await connected.end();
        break;
      }
      if (Date.now() > end) throw new Error('MySQL Router does not lead to the group.');
      await delay(200);
    }
    await prepareTable(target);
  }

  async function end(): Promise<void> {
    if (routerProcess && routerProcess.exitCode === null) {
      routerProcess.kill('SIGKILL');
      await once(routerProcess, 'exit');
    }
    for (const { identity } of running.values()) await killMysqld(identity);
    await rm(home, { recursive: true, force: true });
  }

  try {
    await make();
  } catch (failure) {
    await end();
    throw failure;
  }
  return {
    async measure(fault, count) {
      const primary = await whole();
      await delay(1_000);
      const writers = startWriters(target, count);
      await writers.progress(50, 30_000);
      const { identity } = running.get(primary.instance.id)!;
      if (fault === 'planned') {
        const next = others.concat(first).find((member) => member !== primary)!;
        const [uuid] = await on(next, (own) => rows<{ uuid: string }>(own, 'SELECT @@server_uuid AS uuid'));
        await on(primary, (own) => own.query('SELECT group_replication_set_as_primary(?)', [uuid!.uuid]));
      } else {
        stopped.add(primary.instance.id);
        process.kill(identity.pid, fault === 'SIGSTOP' ? 'SIGSTOP' : 'SIGKILL');
        while (((await look()).primary ?? primary) === primary) await delay(20);
      }
      await writers.progress(200, 90_000);
      const { longestGapMs } = await writers.stop();
      if (fault !== 'planned') {
        await killMysqld(identity);
        await start(primary);
        await joinGroup(primary, false);
        stopped.delete(primary.instance.id);
      }
      return longestGapMs;
    },
    [Symbol.asyncDispose]: end,
  };
}

/** As much of an InnoDB Cluster's metadata, version 2.0, as Router reads. */
function metadata(members: readonly { port: number; uuid: string }[]): string[] {
  const instances = members.map(({ port, uuid }, index) => {
    const endpoint = `'${ADDRESS}:${port}'`;
    return `SELECT ${index + 1} AS instance_id, 'c1' AS cluster_id, 'group' AS cluster_name, ${endpoint} AS label,
      ${endpoint} AS endpoint, ${endpoint} AS address, NULL AS xendpoint, CAST('{}' AS JSON) AS attributes,
      '${uuid}' AS mysql_server_uuid`;
  });
  const clusters = `SELECT 'c1' AS cluster_id, 'group' AS cluster_name, 'gr' AS cluster_type, '${GROUP}' AS group_name,
    CAST('{}' AS JSON) AS attributes, CAST('{}' AS JSON) AS router_options`;
  const view = (name: string, query: string) =>
    `CREATE SQL SECURITY INVOKER VIEW mysql_innodb_cluster_metadata.${name} AS ${query}`;
  return [
    'CREATE DATABASE mysql_innodb_cluster_metadata',
    view('schema_version', 'SELECT 2 AS major, 0 AS minor, 0 AS patch'),
    view('v2_gr_clusters', clusters),
    view('v2_clusters', clusters),
    view('v2_instances', instances.join(' UNION ALL ')),
    view(
      'v2_this_instance',
      `SELECT cluster_id, instance_id, cluster_name, 'gr' AS cluster_type
         FROM mysql_innodb_cluster_metadata.v2_instances WHERE mysql_server_uuid =
           (SELECT variable_value FROM performance_schema.global_variables WHERE variable_name = 'server_uuid')`,
    ),
    `CREATE TABLE mysql_innodb_cluster_metadata.v2_routers (router_id INT UNSIGNED PRIMARY KEY, address VARCHAR(256),
       product_name VARCHAR(128), router_name VARCHAR(256), version VARCHAR(12), last_check_in TIMESTAMP NULL,
       attributes JSON, options JSON, cluster_id VARCHAR(36))`,
    `INSERT INTO mysql_innodb_cluster_metadata.v2_routers (router_id, address, product_name, router_name)
       VALUES (1, 'localhost', 'MySQL Router', '')`,
  ];
}

function startRouter(
  { file, args, root }: Program,
  { home, ports }: { home: string; ports: readonly number[] },
): ChildProcess {
  const [plugin = ''] = globSync(join(root, 'usr/lib/{*/,}mysqlrouter/{plugin/,}routing.so'));
  const state = join(home, 'router-state.json');
  const servers = ports.map((port) => `mysql://${ADDRESS}:${port}`);
  writeFileSync(
    state,
    JSON.stringify({
      version: '1.0.0',
      'metadata-cache': { 'group-replication-id': GROUP, 'cluster-metadata-servers': servers },
    }),
  );
  const keyring = join(home, 'router-keyring');
  const configuration = join(home, 'router.conf');
  const masterKey = join(home, 'router-master-key');
  const keyringTool = (own: string[]) => {
    const program = args.length > 0 ? [...args.slice(0, -1), besides(args.at(-1)!)] : [];
    execFileSync(args.length > 0 ? file : besides(file), [...program, ...own], { stdio: 'ignore' });
  };
  keyringTool(['init', keyring, `--master-key-file=${masterKey}`]);
  keyringTool(['set', keyring, `--master-key-file=${masterKey}`, 'owner', 'password', PASSWORD]);
  writeFileSync(
    configuration,
    `[DEFAULT]
plugin_folder=${dirname(plugin)}
logging_folder=
runtime_folder=${home}
data_folder=${home}
dynamic_state=${state}
connect_timeout=1
read_timeout=1
keyring_path=${keyring}
master_key_path=${masterKey}
[logger]
level=info
[metadata_cache:group]
router_id=1
user=owner
metadata_cluster=group
ttl=0.5
auth_cache_ttl=-1
use_gr_notifications=0
[routing:primary]
bind_address=${ADDRESS}
bind_port=${ROUTER_PORT}
destinations=metadata-cache://group/?role=PRIMARY
routing_strategy=first-available
protocol=classic
`,
  );
  const log = openSync(join(home, 'router.log'), 'a');
  return spawn(file, [...args, '-c', configuration], { stdio: ['ignore', log, log] });
}

/** The program that tends Router's passwords, beside Router. */
function besides(router: string): string {
  return join(dirname(router), 'mysqlrouter_keyring');
}
