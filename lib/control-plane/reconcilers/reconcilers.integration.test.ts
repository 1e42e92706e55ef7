/** What keeps servers as they should be, with real ones: mysqlds that die again and again, certificates near their end. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { homePaths } from '../home.ts';
import { isAlive, type ProcessIdentity } from '../mysql/adoption.ts';
import { ensureCertificateAuthority, issueCertificate } from '../mysql/certificates.ts';
import { withConnection } from '../mysql/client.ts';
import { instancePaths } from '../mysql/instance.ts';
import { destroyHome, makeHome, until } from '../testing/daemon.ts';
import { TestServers } from '../testing/servers.ts';
import { RESTART_POLICY } from './mysqld.ts';

const SECONDS = 1000;
const DAY_MS = 24 * 60 * 60 * SECONDS;
const home = makeHome();
const paths = homePaths(home);
const servers = new TestServers(home);

beforeAll(async () => {
  await servers.begin('reconcilers');
  await servers.succeed(await servers.create('shop'));
  await servers.admit('shop');
});

afterAll(() => destroyHome(home));

/** The certificate that a client is shown at the server's address. */
async function certificateSeen(): Promise<X509Certificate> {
  const { address, port } = servers.row('shop');
  const socket = connectTcp(port!, address);
  await once(socket, 'data');
  // MySQL's manual, SSLRequest: protocol 4.1, TLS, packets of 16 MiB, latin1.
  const request = Buffer.alloc(36);
  request.set([32, 0, 0, 1]);
  request.writeUInt32LE(0x200 | 0x800 | 0x8000, 4);
  request.writeUInt32LE(16 * 1024 ** 2, 8);
  request[12] = 8;
  socket.write(request);
  const ca = readFileSync(servers.daemon.ready.caFile);
  const secure = connectTls({ socket, ca, checkServerIdentity: () => undefined });
  await once(secure, 'secureConnect');
  const certificate = secure.getPeerX509Certificate()!;
  secure.destroy();
  return certificate;
}

const endSeen = async () => (await certificateSeen()).validToDate.getTime();

describe('a server certificate near its end', () => {
  const placesOf = () => {
    const { id, mysqlServerId } = servers.primary('shop');
    return instancePaths({ id, mysqlServerId, folder: paths.instanceFolder(id), runFolder: paths.runFolder });
  };
  test('is renewed while sessions go on; new ones see the new one', { timeout: 120 * SECONDS }, async () => {
    const authority = await ensureCertificateAuthority({ certificate: paths.caCertificate, key: paths.caKey });
    const { address } = servers.row('shop');
    const names = { commonName: 'shop', dnsNames: ['shop.mysql.localhost'], addresses: [address] };
    // Made 750 days ago for 800, so that its end is near.
    const old = await issueCertificate(authority, names, { clock: { now: () => Date.now() - 750 * DAY_MS } });
    const places = placesOf();
    writeFileSync(places.certificateKey, old.key);
    writeFileSync(places.certificate, old.certificate);
    await withConnection(places.socket, (connection) => connection.query('ALTER INSTANCE RELOAD TLS'));
    const oldEnd = new X509Certificate(old.certificate).validToDate.getTime();
    const session = await servers.connect('shop');
    expect(await endSeen()).toBe(oldEnd);
    await session.query('SET @mark = 42');

    await servers.daemon.kill9();
    await servers.start();

    await until(30 * SECONDS, async () => (await endSeen()) > oldEnd + 100 * DAY_MS || undefined);
    const renewed = new X509Certificate(readFileSync(places.certificate));
    expect(renewed.checkIP(address)).toBe(address);
    const [rows] = await session.query('SELECT @mark AS mark');
    expect(rows).toEqual([{ mark: 42 }]);
    session.destroy();
  });
});

describe('a mysqld that dies again and again', () => {
  test('is started five times, then left alone with the reason, until somebody starts it', async () => {
    await servers.query('shop', 'CREATE DATABASE orders');
    const killed: ProcessIdentity[] = [];
    await until(90 * SECONDS, () => {
      const { process: running } = servers.primary('shop');
      if (running && isAlive(running) && killed.at(-1)?.pid !== running.pid) {
        process.kill(running.pid, 'SIGKILL');
        killed.push(running);
      }
      return servers.row('shop').state === 'Disabled' || undefined;
    });
    expect(killed).toHaveLength(RESTART_POLICY.most + 1);
    const { body } = await servers.daemon.arm('GET', servers.idOf('shop'));
    expect(body.properties.state).toBe('Disabled');
    const { stateReason } = servers.row('shop');
    expect(stateReason).toMatch(/^Its database process ended 5 times within 5 minutes and is left alone\./);
    expect(stateReason).not.toContain(home);
    await expect(servers.connect('shop')).rejects.toThrow(
      `Server 'shop' is disabled: its database process could not be kept running.`,
    );
    // It stays so: a daemon that starts anew does not begin again.
    await servers.daemon.kill9();
    await servers.start();
    expect(servers.primary('shop')).toMatchObject({ desired: 'stopped' });

    await servers.succeed(await servers.act('shop', 'start'));
    expect(servers.row('shop')).toMatchObject({ state: 'Ready', stateReason: null });
    expect(servers.primary('shop').restarts).toEqual([]);
    expect(await servers.query('shop', "SHOW DATABASES LIKE 'orders'")).toHaveLength(1);

    // The count begins anew: one more death is one that it comes back from.
    const before = servers.pidOf('shop');
    process.kill(before, 'SIGKILL');
    await servers.answersAgain('shop', 30 * SECONDS);
    expect(servers.pidOf('shop')).not.toBe(before);
    expect(servers.primary('shop').restarts).toHaveLength(1);
  }, 180_000);
});

test(
  'a home whose addresses another home has got meanwhile moves its servers',
  { timeout: 120 * SECONDS },
  async () => {
    const { address } = servers.row('shop');
    const claim = `/tmp/flexdeck-addresses/${address.split('.')[2]}`;
    const other = makeHome();
    writeFileSync(join(other, 'home.json'), '{}');
    writeFileSync(claim, other);
    try {
      await servers.daemon.kill9();
      await servers.start();
      const { address: moved } = servers.row('shop');
      expect(moved.split('.')[2]).not.toBe(address.split('.')[2]);
      await until(30 * SECONDS, async () => ((await certificateSeen()).checkIP(moved) ? true : undefined));
      expect(await servers.query('shop', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      const events = servers.read((database) =>
        database.prepare("SELECT count(*) AS n FROM activity_events WHERE event LIKE '%Address changed%'").get(),
      );
      expect(events).toEqual({ n: 1 });
    } finally {
      rmSync(other, { recursive: true });
      rmSync(claim, { force: true });
    }
  },
);
