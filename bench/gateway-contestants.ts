/** One mysqld and every way to it that the gateway's bench compares, all on one loopback address. */
import 'reflect-metadata';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, globSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PemConverter, X509CertificateGenerator } from '@peculiar/x509';
import { ensureGateway } from '../lib/control-plane/gateway/client.ts';
import { ensureCertificateAuthority, issueCertificate } from '../lib/control-plane/mysql/certificates.ts';
import { withConnection } from '../lib/control-plane/mysql/client.ts';
import { spawnBareMysqld } from '../lib/control-plane/mysql/process.ts';
import type { MysqlRuntime } from '../lib/control-plane/mysql/runtime.ts';
import { ensureTemplate } from '../lib/control-plane/mysql/template.ts';
import { giveToMysqld } from '../lib/control-plane/mysql/user.ts';
import { type Program, type ProgramName } from './gateway-programs.ts';

export const ACCOUNT = { user: 'bench', password: 'correct horse 1 Battery' };

export interface Contestants extends AsyncDisposable {
  folder: string;
  address: string;
  /** Port by contestant; `direct` is mysqld's own. */
  ports: Record<string, number>;
}

const PORTS = { direct: 3306, flexdeck: 3307, haproxy: 3308, router: 3309 };

/** Starts all for which there is a program. Every process ends with the result's disposal. */
export async function startContestants(
  runtime: MysqlRuntime,
  programs: Record<ProgramName, Program | string>,
): Promise<Contestants> {
  const folder = mkdtempSync(join(tmpdir(), 'fd-bench-'));
  // mysqld runs as another user when this is root.
  chmodSync(folder, 0o755);
  const address = `127.84.${(process.pid >> 8) & 255}.${process.pid & 255}`;
  const children: ChildProcess[] = [];
  const ports: Record<string, number> = { direct: PORTS.direct };
  const closers: (() => Promise<void>)[] = [];
  const all: Contestants = {
    folder,
    address,
    ports,
    async [Symbol.asyncDispose]() {
      for (const close of closers) await close();
      for (const child of children.toReversed()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    const log = openSync(join(folder, 'log'), 'a');
    const socket = join(folder, 'mysql/socket');
    children.push(await startMysqld(runtime, { folder, address, socket, log }));

    const gateway = await ensureGateway({
      socketPath: join(folder, 'gateway/socket'),
      logFile: join(folder, 'gateway.log'),
      spawn,
      node: process.execPath,
    });
    closers.push(() => gateway.stop());
    const rules = [{ name: 'bench', startIp: '127.0.0.0', endIp: '127.255.255.255' }];
    const front = { serverId: 'bench', address, port: PORTS.flexdeck, backend: socket, rules, epoch: 1 };
    // Measured without TLS as well, so it may not be required.
    await gateway.applyTable({ version: 1, epoch: 1, fronts: [{ ...front, requireSecureTransport: false }] });
    ports['flexdeck'] = PORTS.flexdeck;

    if (typeof programs.haproxy === 'object') {
      const file = join(folder, 'haproxy.cfg');
      writeFileSync(file, haproxyConfiguration(address, socket));
      children.push(run(programs.haproxy, ['-f', file], log));
      ports['haproxy'] = PORTS.haproxy;
    }
    if (typeof programs.mysqlrouter === 'object') {
      const file = join(folder, 'router.conf');
      writeFileSync(file, routerConfiguration(address, folder, programs.mysqlrouter));
      children.push(run(programs.mysqlrouter, ['-c', file], log));
      ports['router'] = PORTS.router;
    }
    for (const port of Object.values(ports)) await answers(address, port);
    return all;
  } catch (failure) {
    await all[Symbol.asyncDispose]();
    throw failure;
  }
}

/**
 * In a session of its own, like the gateway and mysqld: Linux shares the processors out by session first
 * (sched_autogroup_enabled), so whoever shared the load generator's would be measured with its share.
 */
function run({ file, args }: Program, own: string[], log: number): ChildProcess {
  return spawn(file, [...args, ...own], { stdio: ['ignore', log, log], detached: true });
}

async function startMysqld(
  runtime: MysqlRuntime,
  { folder, address, socket, log }: { folder: string; address: string; socket: string; log: number },
): Promise<ChildProcess> {
  const data = await ensureTemplate({ runtime, templatesFolder: folder });
  const home = dirname(socket);
  mkdirSync(home);
  const authorityFile = join(folder, 'ca.pem');
  const authority = await ensureCertificateAuthority({ certificate: authorityFile, key: join(folder, 'ca-key.pem') });
  const issued = await issueCertificate(authority, { commonName: 'bench', dnsNames: [], addresses: [address] });
  const [certificate, key] = [join(home, 'server.pem'), join(home, 'server-key.pem')];
  writeFileSync(certificate, issued.certificate);
  writeFileSync(key, issued.key, { mode: 0o600 });
  const client = await clientCertificate();
  const [clientCertificateFile, clientKeyFile] = [join(home, 'client.pem'), join(home, 'client-key.pem')];
  writeFileSync(clientCertificateFile, client.certificate);
  writeFileSync(clientKeyFile, client.key);
  await giveToMysqld(home, certificate, key, clientCertificateFile);
  const child = spawnBareMysqld({ spawn }, runtime, {
    data,
    socket,
    log,
    options: [
      `--bind-address=${address}`,
      `--port=${PORTS.direct}`,
      `--ssl-cert=${certificate}`,
      `--ssl-key=${key}`,
      `--ssl-ca=${clientCertificateFile}`,
      '--lower-case-table-names=1',
      '--plugin-load-add=auth_socket.so',
      '--mysqlx=OFF',
      '--secure-file-priv=NULL',
      '--innodb-buffer-pool-size=256M',
      '--max-connections=200',
      // A waiting disk would make every way to mysqld look equally fast.
      '--skip-log-bin',
      '--innodb-flush-log-at-trx-commit=2',
    ],
  });
  await eventually(() =>
    withConnection(socket, async (connection) => {
      await connection.query('CREATE DATABASE IF NOT EXISTS sbtest');
      await connection.query('CREATE USER IF NOT EXISTS ? IDENTIFIED BY ?', [ACCOUNT.user, ACCOUNT.password]);
      await connection.query('GRANT ALL ON sbtest.* TO ?', [ACCOUNT.user]);
    }),
  );
  return child;
}

/** sysbench cannot do TLS without one. It is its own authority. */
async function clientCertificate(): Promise<{ certificate: string; key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=bench client',
    signingAlgorithm: algorithm,
    keys,
  });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { certificate: made.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') };
}

function haproxyConfiguration(address: string, socket: string): string {
  return `
defaults
  mode tcp
  maxconn 1000
  timeout connect 5s
  timeout client 1h
  timeout server 1h
listen mysql
  bind ${address}:${PORTS.haproxy}
  server mysqld unix@${socket}
`;
}

function routerConfiguration(address: string, folder: string, { root }: Program): string {
  const plugins = globSync(join(root, 'usr/lib/{*/,}mysqlrouter/{plugin/,}routing.so'));
  return `[DEFAULT]
plugin_folder=${dirname(plugins[0] ?? '')}
logging_folder=
runtime_folder=${folder}
data_folder=${folder}
[logger]
level=warning
[routing:mysql]
bind_address=${address}
bind_port=${PORTS.router}
destinations=${address}:${PORTS.direct}
routing_strategy=first-available
protocol=classic
client_ssl_mode=PASSTHROUGH
server_ssl_mode=AS_CLIENT
`;
}

/** Connects; hangs up at once. */
async function answers(address: string, port: number): Promise<void> {
  await eventually(async () => {
    const socket = connect(port, address);
    try {
      await once(socket, 'data');
    } finally {
      socket.destroy();
    }
  });
}

async function eventually(attempt: () => Promise<void>, withinMs = 30_000): Promise<void> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (failure) {
      if (performance.now() > end) throw failure;
      await delay(50);
    }
  }
}
