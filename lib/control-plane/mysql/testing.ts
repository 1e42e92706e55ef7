/** A real server of the tests' own, without daemon and gateway. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect as connectSocket, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createConnection, type ConnectionOptions } from 'mysql2/promise';
import { readConfig } from '../config.ts';
import { homePaths, prepareHome } from '../home.ts';
import { ensureAdministrator } from './administrator.ts';
import { ensureCertificateAuthority, ensureServerCertificate } from './certificates.ts';
import { withConnection, type Connection } from './client.ts';
import { ensureDataDirectory } from './data-directory.ts';
import { ensureEncrypted } from './first-start.ts';
import { instancePaths, type MysqlInstance } from './instance.ts';
import { mysqldOptions, readMachine, type ServerSize } from './options.ts';
import { cachingSha2PasswordHash } from './password-hash.ts';
import { prepareRuntimes } from './prepare-runtime.ts';
import { killMysqld, startMysqld, stopMysqld, waitUntilReady, type StartedMysqld } from './process.ts';
import { ensureTemplate } from './template.ts';
import { mysqldUser } from './user.ts';

export const SMALL: ServerSize = {
  name: 'Standard_B1ms',
  vCores: 1,
  memoryGiB: 2,
  iops: 640,
  maxConnections: { default: 171, max: 341 },
  bufferPoolBytes: 512 * 1024 ** 2,
  maxBufferPoolBytes: 1024 ** 3,
};

export const ADMINISTRATOR = { login: 'boss', password: 'Correct-horse-1' };

/** The address in the certificate; the proxy listens there. */
export const ADDRESS = '127.83.251.7';

export async function startTestServer() {
  const config = readConfig();
  // Not in a folder of the user's own: mysqld's user must be able to pass through.
  const home = mkdtempSync('/tmp/fd-mysql-');
  const paths = homePaths(home);
  prepareHome(paths, mysqldUser());
  const [runtime] = await prepareRuntimes({ ...config, home }, () => {});
  if (!runtime) throw new Error('This machine has no MySQL runtime.');
  const instance: MysqlInstance = {
    id: 'one',
    mysqlServerId: 7,
    folder: paths.instanceFolder('one'),
    runFolder: paths.runFolder,
  };
  const { socket } = instancePaths(instance);
  const authority = await ensureCertificateAuthority({ certificate: paths.caCertificate, key: paths.caKey });
  let running: StartedMysqld | undefined;

  const start = async (overrides: Record<string, string> = {}) => {
    const options = mysqldOptions(instance, SMALL, overrides, readMachine());
    running = await startMysqld({ runtime, instance, options });
    await waitUntilReady(instance, running.identity);
  };
  const process = () => {
    if (!running) throw new Error('The server was not started.');
    return running;
  };

  await ensureDataDirectory(instance, await ensureTemplate({ runtime, templatesFolder: paths.templatesFolder }));
  await ensureServerCertificate(authority, instance, {
    commonName: 'one',
    dnsNames: ['one.mysql.localhost'],
    addresses: [ADDRESS],
  });
  await start();
  await withConnection(socket, async (connection) => {
    await ensureEncrypted(connection);
    await ensureAdministrator(connection, {
      login: ADMINISTRATOR.login,
      authenticationHash: cachingSha2PasswordHash(ADMINISTRATOR.password),
    });
  });

  return {
    runtime,
    instance,
    authority,
    process,
    start,
    caFile: paths.caCertificate,
    stop: () => stopMysqld(process().identity),
    kill: () => killMysqld(process().identity),
    asDaemon: <T>(work: (connection: Connection) => Promise<T>) => withConnection(socket, work),
    /** Signed in over TLS, as clients are. */
    asAdministrator: (options: ConnectionOptions = {}) =>
      createConnection({
        socketPath: socket,
        user: ADMINISTRATOR.login,
        password: ADMINISTRATOR.password,
        ssl: { ca: authority.certificate, rejectUnauthorized: false },
        ...options,
      }),
    /** The runtime's own client against a TCP address. Resolves to what it printed; rejects with what it complained of. */
    mysqlClient: async (args: string[], password = ADMINISTRATOR.password): Promise<string> => {
      const { file, args: first } = runtime.command('mysql');
      return new Promise((resolve, reject) => {
        const all = [...first, '--no-defaults', `--user=${ADMINISTRATOR.login}`, '--batch', ...args];
        execFile(file, all, { env: { MYSQL_PWD: password, LC_ALL: 'C' } as never }, (failure, stdout, stderr) =>
          failure ? reject(new Error(stderr || failure.message)) : resolve(stdout),
        );
      });
    },
    async remove() {
      if (running) await killMysqld(running.identity);
      await rm(home, { recursive: true, force: true });
    },
    file: (name: string) => join(instancePaths(instance).dataDirectory, name),
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;

/** TCP in front of the socket, as the gateway is. */
export async function listenInFront(instance: MysqlInstance, address: string) {
  const server = createServer((client) => {
    const backend = connectSocket(instancePaths(instance).socket);
    client.pipe(backend).pipe(client);
    client.on('error', () => backend.destroy());
    backend.on('error', () => client.destroy());
  });
  server.listen(0, address);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
