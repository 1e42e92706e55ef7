/**
 * Two mysqlds that copy each other and a script that changes their places, with clients straight at their sockets and
 * nothing around that would write down, check or survive anything. The clients sign in as any client does, with TLS and a
 * password: that is half of what they wait.
 */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect as connectSocket, createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { readConfig } from '../lib/control-plane/config.ts';
import { homePaths, prepareHome } from '../lib/control-plane/home.ts';
import {
  ensureCertificateAuthority,
  ensureReplicationCertificate,
  ensureServerCertificate,
} from '../lib/control-plane/mysql/certificates.ts';
import { connect, withConnection } from '../lib/control-plane/mysql/client.ts';
import { ensureDataDirectory } from '../lib/control-plane/mysql/data-directory.ts';
import { instancePaths, type MysqlInstance } from '../lib/control-plane/mysql/instance.ts';
import { mysqldOptions, readMachine, type InstanceDuty } from '../lib/control-plane/mysql/options.ts';
import { prepareRuntimes } from '../lib/control-plane/mysql/prepare-runtime.ts';
import { endSessions } from '../lib/control-plane/mysql/end-sessions.ts';
import { giveUpHalfTransaction } from '../lib/control-plane/mysql/half-transaction.ts';
import {
  killMysqld,
  startMysqld,
  stopMysqld,
  waitUntilReady,
  type StartedMysqld,
} from '../lib/control-plane/mysql/process.ts';
import {
  becomePrimary,
  becomeReadOnly,
  countAcknowledging,
  ensureFollows,
  ensureReplicationAccount,
  readExecuted,
  readReplication,
  relaxDurability,
  setAcknowledgement,
  stopReceiving,
  waitUntilExecuted,
} from '../lib/control-plane/mysql/replication.ts';
import { ensureTemplate } from '../lib/control-plane/mysql/template.ts';
import { mysqldUser } from '../lib/control-plane/mysql/user.ts';
import { SMALL } from '../lib/control-plane/mysql/testing.ts';
import { makeHome } from '../lib/control-plane/testing/daemon.ts';
import { PASSWORD } from '../lib/control-plane/testing/highly-available-server.ts';

const CLIENT = { user: 'client', password: PASSWORD };

/** `roll`: the standby is restarted and catches up, the two change places, and the former primary is stopped. */
export type Side = 'kill' | 'switch' | 'roll';

export async function createPair(): Promise<
  AsyncDisposable & { measure(how: Side, writers: number): Promise<number> }
> {
  const home = makeHome();
  const config = readConfig();
  const paths = homePaths(home);
  prepareHome(paths, mysqldUser());
  const [runtime] = await prepareRuntimes({ ...config, home }, () => {});
  const authority = await ensureCertificateAuthority({ certificate: paths.caCertificate, key: paths.caKey });
  const template = await ensureTemplate({ runtime: runtime!, templatesFolder: paths.templatesFolder });
  const running = new Map<string, StartedMysqld>();
  let made = 0;

  async function start(duty: InstanceDuty): Promise<MysqlInstance> {
    made += 1;
    const id = `bare-${made}`;
    const instance = { id, mysqlServerId: made, folder: paths.instanceFolder(id), runFolder: paths.runFolder };
    await ensureDataDirectory(instance, template);
    await ensureServerCertificate(authority, instance, { commonName: id, dnsNames: [], addresses: ['127.0.0.1'] });
    await ensureReplicationCertificate(authority, instance);
    await run(instance, duty);
    return instance;
  }

  async function run(instance: MysqlInstance, duty: InstanceDuty): Promise<void> {
    const options = mysqldOptions(instance, SMALL, {}, readMachine(), duty);
    const started = await startMysqld({ runtime: runtime!, instance, options });
    running.set(instance.id, started);
    await waitUntilReady(instance, started.identity);
  }

  /** Cleanly. MySQL waits for idle sessions otherwise. */
  async function stop({ id, ...instance }: MysqlInstance): Promise<void> {
    await endSessions(instancePaths({ id, ...instance }).socket);
    await stopMysqld(running.get(id)!.identity);
  }

  const on = <T>(instance: MysqlInstance, work: Parameters<typeof withConnection<T>>[1]) =>
    withConnection(instancePaths(instance).socket, work);

  /** A new pair for every measure: neither has seen anything before. */
  async function measure(how: Side, count: number): Promise<number> {
    const [old, next] = [await start('primary'), await start('standby')];
    const way = createServer((client) => {
      const backend = connectSocket(instancePaths(old).socket);
      client.pipe(backend).pipe(client);
      client.on('error', () => backend.destroy());
      backend.on('error', () => client.destroy());
    });
    way.listen(0, '127.0.0.1');
    await once(way, 'listening');
    await on(old, ensureReplicationAccount);
    await on(old, (own) => own.query('CREATE DATABASE checker'));
    await on(old, (own) => own.query('CREATE TABLE checker.numbers (n BIGINT PRIMARY KEY, text VARCHAR(64))'));
    await on(old, (own) => own.query('CREATE USER ? IDENTIFIED BY ?', [CLIENT.user, CLIENT.password]));
    await on(old, (own) => own.query('GRANT ALL ON checker.* TO ?', [CLIENT.user]));
    const port = (way.address() as AddressInfo).port;
    const follow = async () => {
      await on(next, relaxDurability);
      await on(next, (own) => ensureFollows(own, next, { address: '127.0.0.1', port }));
      while (!(await on(next, async (own) => waitUntilExecuted(own, await on(old, readExecuted), 200)))) await delay(5);
      await on(old, (own) => setAcknowledgement(own, 'ON'));
      while ((await on(old, countAcknowledging)) === 0) await delay(20);
    };
    await follow();

    let last = performance.now();
    const now = { target: old, longest: 0, rows: 0 };
    const stopping = new AbortController();
    const writers = Array.from({ length: count }, async (_, writer) => {
      let number = writer;
      while (!stopping.signal.aborted) {
        try {
          const mine = now.target;
          await using own = await signIn(mine);
          while (!stopping.signal.aborted && mine === now.target) {
            await own.query('INSERT INTO checker.numbers VALUES (?, ?)', [(number += count), 'row']);
            now.longest = Math.max(now.longest, performance.now() - last);
            last = performance.now();
            now.rows += 1;
          }
        } catch {
          await delay(2);
        }
      }
    });
    const wait = async (more: number) => {
      const wanted = now.rows + more;
      while (now.rows < wanted) await delay(5);
    };
    await wait(100);
    now.longest = 0;
    if (how === 'roll') {
      await on(old, (own) => setAcknowledgement(own, 'OFF'));
      await stop(next);
      await run(next, 'standby');
      await follow();
    }
    const connection = await connect(instancePaths(next).socket);
    if (how === 'kill') {
      await killMysqld(running.get(old.id)!.identity);
      await stopReceiving(connection);
      await requireExecuted(connection, (await readReplication(connection)).received);
      await giveUpHalfTransaction(connection);
    } else {
      await on(old, async (own) => {
        await becomeReadOnly(own, 5);
        await requireExecuted(connection, await readExecuted(own));
      });
    }
    await becomePrimary(connection, 'OFF');
    now.target = next;
    if (how === 'roll') await stop(old);
    await wait(50);
    stopping.abort();
    await Promise.all(writers);
    connection.destroy();
    way.close();
    for (const { id, folder } of [old, next]) {
      await killMysqld(running.get(id)!.identity);
      await rm(folder, { recursive: true, force: true });
    }
    return now.longest;
  }

  return {
    measure,
    async [Symbol.asyncDispose]() {
      for (const { identity } of running.values()) await killMysqld(identity);
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function signIn(instance: MysqlInstance) {
  const connection = await createConnection({
    socketPath: instancePaths(instance).socket,
    ...CLIENT,
    ssl: { rejectUnauthorized: false },
  });
  connection.on('error', () => {});
  return Object.assign(connection, { [Symbol.asyncDispose]: async () => connection.destroy() });
}

async function requireExecuted(...args: [Parameters<typeof waitUntilExecuted>[0], string]): Promise<void> {
  if (!(await waitUntilExecuted(...args, 10_000))) throw new Error('The standby did not execute all that it received.');
}
