import { createConnection, type Connection, type ConnectionOptions, type RowDataPacket } from 'mysql2/promise';

/** The daemon's own MySQL account. It signs in by who connects (auth_socket), so there is no password of it anywhere. */
export const DAEMON_ACCOUNT = 'flexdeck';

export type { Connection };

/**
 * A connection as the daemon's account over the instance's Unix socket.
 *
 * @param timeoutMs until connected.
 * @throws mysql2's error, `code` kept: ENOENT or ECONNREFUSED while nothing listens.
 */
export async function connect(
  socket: string,
  { timeoutMs = 5_000, ...options }: ConnectOptions = {},
): Promise<Connection> {
  return createConnection({
    socketPath: socket,
    user: DAEMON_ACCOUNT,
    connectTimeout: timeoutMs,
    // The server's settings must not change what our own statements do.
    charset: 'utf8mb4_0900_ai_ci',
    timezone: 'Z',
    supportBigNumbers: true,
    ...options,
  });
}

export type ConnectOptions = { timeoutMs?: number } & Pick<ConnectionOptions, 'database' | 'multipleStatements'>;

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

/** The rows of a SELECT or SHOW. `Row` is what the statement is known to return. */
export async function rows<Row>(connection: Connection, sql: string, values: unknown[] = []): Promise<Row[]> {
  const [found] = await connection.query<RowDataPacket[]>(sql, values);
  return found as Row[];
}

/** A name as an identifier in SQL: in backticks, those within doubled. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
