import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection, type Connection, type ConnectionOptions, type RowDataPacket } from 'mysql2/promise';

/**
 * The daemon's own MySQL account. It signs in by who connects (auth_socket), so there is no password of it anywhere. That
 * alone would not do: the gateway carries clients to the same socket as the same user of the operating system. So the
 * account also requires the daemon's certificate (`first-start.ts`).
 */
export const DAEMON_ACCOUNT = 'flexdeck';

/** Whose sessions are Flexdeck's or the system's own: not shown to people, and nobody's to end. */
export const OWN_ACCOUNTS: readonly string[] = [
  DAEMON_ACCOUNT,
  'flexdeck_explain',
  'flexdeck_replication',
  'event_scheduler',
  'system user',
  'mysql.session',
];

/** How soon one that had no connection left is asked again. */
const FULL_AGAIN_MS = 20;

export type { Connection };

/** Beside the folder of the mysqlds' sockets, and the daemon's alone. */
export const CONTROL_FOLDER = 'ctl';

/** Where the daemon's certificate lies, readable by the daemon alone. @param runFolder with the mysqlds' sockets. */
export function daemonCertificateFile(runFolder: string): string {
  return join(dirname(runFolder), CONTROL_FOLDER, 'daemon.json');
}

/**
 * A connection as the daemon's account over the instance's Unix socket.
 *
 * @param timeoutMs until connected.
 * @param patienceMs how long it is tried again while all connections are taken.
 * @throws mysql2's error, `code` kept: ENOENT or ECONNREFUSED while nothing listens.
 */
export async function connect(
  socket: string,
  { patienceMs = 0, ...options }: ConnectOptions = {},
): Promise<Connection> {
  for (const end = performance.now() + patienceMs; ; await delay(FULL_AGAIN_MS)) {
    try {
      return await connectOnce(socket, options);
    } catch (failure) {
      if ((failure as { code?: string }).code !== 'ER_CON_COUNT_ERROR' || performance.now() >= end) throw failure;
    }
  }
}

async function connectOnce(
  socket: string,
  { timeoutMs = 5_000, ...options }: Omit<ConnectOptions, 'patienceMs'>,
): Promise<Connection> {
  return createConnection({
    socketPath: socket,
    user: DAEMON_ACCOUNT,
    ...(await daemonTls(dirname(socket))),
    connectTimeout: timeoutMs,
    // The server's settings must not change what our own statements do.
    charset: 'utf8mb4_0900_ai_ci',
    timezone: 'Z',
    supportBigNumbers: true,
    ...options,
  });
}

/** Nothing where there is none: a mysqld that is not a server's (tests, benches) asks for none. */
async function daemonTls(runFolder: string): Promise<Pick<ConnectionOptions, 'ssl'>> {
  const text = await readFile(daemonCertificateFile(runFolder), 'utf8').catch((failure) => {
    if (failure.code !== 'ENOENT') throw failure;
    return undefined;
  });
  if (text === undefined) return {};
  const { certificate, key, authority } = JSON.parse(text) as Record<string, string>;
  return { ssl: { cert: certificate, key, ca: authority } };
}

export type ConnectOptions = { timeoutMs?: number; patienceMs?: number } & Pick<
  ConnectionOptions,
  'database' | 'multipleStatements' | 'user'
>;

/** Connects, works and closes, whatever happens. The work's own error is the one that is thrown. */
export async function withConnection<T>(
  socket: string,
  work: (connection: Connection) => Promise<T>,
  options?: ConnectOptions,
): Promise<T> {
  const connection = await connect(socket, options);
  try {
    return await work(connection);
  } finally {
    // destroy, not end: a hung server must not hang us at the goodbye.
    connection.destroy();
  }
}

const LARGEST_PACKET = 1024 ** 3;

/**
 * The same, with statements as large as MySQL takes at all. Its own limit is one of the whole server, read when a session
 * begins: for that moment alone it is raised.
 */
export async function withLargeStatements<T>(socket: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const before = await connect(socket);
  let connection: Connection;
  try {
    const [limit] = await rows<{ bytes: number }>(before, 'SELECT @@GLOBAL.max_allowed_packet AS bytes');
    await before.query('SET GLOBAL max_allowed_packet = ?', [LARGEST_PACKET]);
    try {
      connection = await connect(socket);
    } finally {
      await before.query('SET GLOBAL max_allowed_packet = ?', [limit!.bytes]);
    }
  } finally {
    before.destroy();
  }
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}

/** The rows of a SELECT or SHOW. `Row` is what the statement is known to return. */
export async function rows<Row>(connection: Connection, sql: string, values: unknown[] = []): Promise<Row[]> {
  const [found] = await connection.query<RowDataPacket[]>(sql, values);
  return found as Row[];
}

/** A name as an identifier in SQL: in backticks, those within doubled. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
