import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { text } from 'node:stream/consumers';
import { createConnection, type Connection } from 'mysql2/promise';
import { readConfig } from '../../lib/control-plane/config.ts';
import { discoverRuntimes } from '../../lib/control-plane/mysql/runtime.ts';

/** How somebody signs in to a server. */
export interface Login {
  /** An address: what ARM calls the fully qualified domain name. */
  host: string;
  port: number;
  /** The name that the certificate has beside the address. */
  certificateName: string;
  user: string;
  password: string;
}

/** What MySQL's own client printed, and how it ended. */
export interface ClientRun {
  code: number;
  output: string;
  error: string;
}

/** Runs statements in MySQL's own client, which checks certificate and host name against the CA file. */
export async function mysqlClient(login: Login, caFile: string, statements: string): Promise<ClientRun> {
  const { home, runtimesFolder, mysqlBasedir, pathFolders } = readConfig({ ...process.env, FLEXDECK_CLOUD: 'Local' });
  const [runtime] = await discoverRuntimes(home, { runtimesFolder, mysqlBasedir, pathFolders });
  if (!runtime) throw new Error('There is no MySQL on this machine.');
  const { file, args } = runtime.command('mysql');
  const options = [
    '--no-defaults',
    `--host=${login.host}`,
    `--port=${login.port}`,
    `--user=${login.user}`,
    '--ssl-mode=VERIFY_IDENTITY',
    `--ssl-ca=${caFile}`,
    '--batch',
    '--skip-column-names',
  ];
  const client = spawn(file, [...args, ...options], { env: { ...process.env, MYSQL_PWD: login.password } });
  client.stdin.on('error', () => {
    // A client that was refused reads nothing.
  });
  client.stdin.end(statements);
  const [output, error, [code]] = await Promise.all([
    text(client.stdout),
    text(client.stderr),
    once(client, 'exit') as Promise<[number]>,
  ]);
  return { code, output: output.trim(), error: error.trim() };
}

/** A session of an application's driver, with the same checks. */
export async function openSession(login: Login, ca: Buffer): Promise<Connection> {
  const { host, port, certificateName, user, password } = login;
  const session = await createConnection({
    // mysql2 holds the certificate against this name, never against an address; it connects by the stream.
    host: certificateName,
    stream: () => connectSocket({ host, port }),
    user,
    password,
    connectTimeout: 10_000,
    ssl: { ca, verifyIdentity: true, rejectUnauthorized: true },
  });
  // A session that is cut says so; whoever holds it finds out by its next statement.
  session.on('error', () => {});
  return session;
}

/** Whether anything listens there. */
export async function listens(host: string, port: number): Promise<boolean> {
  const socket = connectSocket({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ECONNREFUSED') return false;
    throw failure;
  } finally {
    socket.destroy();
  }
}
