import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  ensureCertificateAuthority,
  ensureServerCertificate,
  issueCertificate,
  type CertificateAuthority,
} from './certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'fd-ca-'));
const paths = { certificate: join(folder, 'ca.pem'), key: join(folder, 'ca-key.pem') };
let authority: CertificateAuthority;

beforeAll(async () => {
  authority = await ensureCertificateAuthority(paths);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function opensslAccepts(names: { dnsNames: string[]; addresses: string[] }): Promise<boolean> {
  const { certificate } = await issueCertificate(authority, { commonName: 'one', ...names });
  const file = join(folder, 'leaf.pem');
  writeFileSync(file, certificate);
  try {
    execFileSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', paths.certificate, file], {
      stdio: 'pipe',
    });
    return true;
  } catch (failure) {
    expect(String((failure as { stderr: Buffer }).stderr)).toMatch(/permitted subtree/);
    return false;
  }
}

test('the authority is made once, its key for its owner alone', async () => {
  expect(statSync(paths.key).mode & 0o777).toBe(0o600);
  expect((await ensureCertificateAuthority(paths)).certificate).toBe(authority.certificate);
});

test('it vouches for this machine’s own names and no others', async () => {
  expect(await opensslAccepts({ dnsNames: ['localhost', 'one.mysql.localhost'], addresses: ['127.83.4.5'] })).toBe(
    true,
  );
  expect(await opensslAccepts({ dnsNames: ['example.com'], addresses: [] })).toBe(false);
  expect(await opensslAccepts({ dnsNames: ['localhost'], addresses: ['10.0.0.1'] })).toBe(false);
});

test('a client that trusts it signs in to the address in the certificate', async () => {
  const { certificate, key } = await issueCertificate(authority, {
    commonName: 'one',
    dnsNames: ['localhost'],
    addresses: ['127.0.0.1'],
  });
  const server = createServer({ cert: certificate, key }, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect({ host: '127.0.0.1', port, ca: authority.certificate });
  await once(client, 'secureConnect');
  expect(client.authorized).toBe(true);
  client.destroy();
  server.close();
});

test('a server’s certificate stays until its names change or its end is near', async () => {
  const instance = { id: 'one', mysqlServerId: 1, folder, runFolder: folder };
  const names = { commonName: 'one', dnsNames: ['one.mysql.localhost'], addresses: ['127.83.4.5'] };
  const later = (days: number) => ({ clock: { now: () => Date.now() + days * 24 * 60 * 60 * 1000 } });
  expect(await ensureServerCertificate(authority, instance, names)).toBe(true);
  expect(await ensureServerCertificate(authority, instance, names, later(600))).toBe(false);
  expect(await ensureServerCertificate(authority, instance, { ...names, addresses: ['127.83.4.6'] })).toBe(true);
  expect(await ensureServerCertificate(authority, instance, names, later(701))).toBe(true);
  // That one was issued while the clock was two years ahead: nobody would take it now.
  expect(await ensureServerCertificate(authority, instance, names)).toBe(true);
  expect(await ensureServerCertificate(authority, instance, names)).toBe(false);
});
