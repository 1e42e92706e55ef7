import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createConnection as netConnect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { readConfig } from '../config.ts';
import { rows, withConnection } from '../mysql/client.ts';
import { spawnBareMysqld } from '../mysql/process.ts';
import { prepareRuntimes } from '../mysql/prepare-runtime.ts';
import { ensureTemplate } from '../mysql/template.ts';
import { giveToMysqld } from '../mysql/user.ts';
import { ensureGateway, stopGateway, type GatewayClient } from './client.ts';
import { front, ownAddress, rule } from './testing.ts';
import type { FirewallRule } from './protocol.ts';

const PASSWORD = 'correct horse 1 Battery';
let folder: string;
let mysqlSocket: string;
let mysqld: ReturnType<typeof spawnBareMysqld>;
let gateway: GatewayClient;
let address: string;
let version = 0;
const connections: Connection[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fd-gw-'));
  // mysqld runs as another user when the tests are root.
  await chmod(folder, 0o755);
  const [runtime] = await prepareRuntimes(readConfig(), () => {});
  if (!runtime) throw new Error('No MySQL runtime.');
  const data = await ensureTemplate({ runtime, templatesFolder: folder });
  await mkdir(join(folder, 'mysql'));
  await giveToMysqld(join(folder, 'mysql'));
  mysqlSocket = join(folder, 'mysql/socket');
  mysqld = spawnBareMysqld({ spawn }, runtime, {
    data,
    socket: mysqlSocket,
    options: [
      '--lower-case-table-names=1',
      '--plugin-load-add=auth_socket.so',
      '--skip-networking',
      '--mysqlx=OFF',
      '--secure-file-priv=NULL',
      '--performance-schema=OFF',
    ],
  });
  mysqld.stderr?.resume();
  await vi.waitFor(
    () =>
      withConnection(mysqlSocket, async (connection) => {
        await connection.query(`CREATE USER someone IDENTIFIED BY '${PASSWORD}'`);
      }),
    { timeout: 60_000, interval: 100 },
  );
});

afterAll(async () => {
  if (mysqld?.exitCode === null) {
    mysqld.kill('SIGTERM');
    await once(mysqld, 'exit');
  }
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  address = ownAddress();
  gateway = await ensureGateway({
    socketPath: join(folder, 'gw/socket'),
    logFile: join(folder, 'gateway.log'),
    spawn,
    node: process.execPath,
  });
});

afterEach(async () => {
  for (const connection of connections.splice(0)) connection.destroy();
  await stopGateway({ socketPath: join(folder, 'gw/socket') });
});

async function allow(...rules: FirewallRule[]) {
  version += 1;
  return gateway.applyTable({ version, epoch: 1, fronts: [front({ address, backend: mysqlSocket, rules })] });
}

async function signIn({ from = '127.0.0.1', tls = true } = {}): Promise<Connection> {
  const connection = await createConnection({
    user: 'someone',
    password: PASSWORD,
    stream: () => netConnect({ host: address, port: 3306, localAddress: from }),
    // mysqld made this certificate itself; whose it is matters nothing here, that there is TLS does.
    ...(tls ? { ssl: { rejectUnauthorized: false } } : {}),
  });
  connection.on('error', () => {});
  connections.push(connection);
  return connection;
}

const threadIds = () =>
  withConnection(mysqlSocket, async (connection) => {
    const list = await rows<RowDataPacket>(
      connection,
      "SELECT id FROM information_schema.processlist WHERE user = 'someone'",
    );
    return list.map((row) => row['id'] ?? row['ID']);
  });

test('an allowed client works over TLS that mysqld itself ends, under the connection id that the gateway tells', async () => {
  await allow(rule('127.0.0.5'));
  const connection = await signIn({ from: '127.0.0.5' });
  const [[row]] = await connection.query<RowDataPacket[]>(
    "SELECT CONNECTION_ID() AS id, variable_value AS cipher FROM performance_schema.session_status WHERE variable_name = 'Ssl_cipher'",
  );
  expect(row?.['cipher']).toMatch(/^TLS_/);
  expect(await gateway.sessions()).toMatchObject([
    { serverId: 'server-1', clientAddress: '127.0.0.5', connectionId: row?.['id'], state: 'open' },
  ]);
});

test('a client that no rule allows gets Azure’s error', async () => {
  await allow(rule('127.0.0.5'));
  await expect(signIn({ from: '127.0.0.6' })).rejects.toMatchObject({
    errno: 9000,
    message: "Client with IP address '127.0.0.6' is not allowed to connect to this MySQL server.",
  });
});

test('a client that does not ask for TLS gets MySQL’s error, and no session is left behind', async () => {
  await allow(rule('127.0.0.1'));
  await expect(signIn({ tls: false })).rejects.toMatchObject({
    errno: 3159,
    sqlState: 'HY000',
    message: 'Connections using insecure transport are prohibited while --require_secure_transport=ON.',
  });
  await vi.waitFor(async () => expect(await gateway.sessions()).toEqual([]));
});

test('the daemon may go: its clients’ sessions and what they have under way stay', async () => {
  await allow(rule('127.0.0.1'));
  const connection = await signIn();
  await connection.query("SET @kept = 'yes'");
  const slow = connection.query<RowDataPacket[]>('SELECT SLEEP(0.2), @kept AS kept');
  gateway.disconnect();
  await gateway.closed;
  expect((await slow)[0][0]?.['kept']).toBe('yes');
  expect((await connection.query<RowDataPacket[]>('SELECT @kept AS kept'))[0][0]?.['kept']).toBe('yes');
});

test('a removed rule ends its client’s session on mysqld too, and nobody else’s', async () => {
  await allow(rule('127.0.0.5'), rule('127.0.0.6'));
  const stays = await signIn({ from: '127.0.0.5' });
  const goes = await signIn({ from: '127.0.0.6' });
  expect(await threadIds()).toHaveLength(2);
  expect(await allow(rule('127.0.0.5'))).toMatchObject({ cut: 1 });
  await expect(goes.query('SELECT 1')).rejects.toThrow();
  await vi.waitFor(async () => expect(await threadIds()).toEqual([stays.threadId]));
  await stays.query('SELECT 1');
});

test('rows by the megabyte arrive whole', async () => {
  await allow(rule('127.0.0.1'));
  const connection = await signIn();
  const [[row]] = await connection.query<RowDataPacket[]>("SELECT REPEAT('0123456789abcdef', 2 * 1024 * 1024) AS text");
  expect(row?.['text']).toBe('0123456789abcdef'.repeat(2 * 1024 * 1024));
});
