import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureCertificateAuthority, issueCertificate } from '../control-plane/mysql/certificates.ts';
import type { HopId } from '../rules/connection-report.ts';
import { examine } from './examine.ts';
import type { Patient } from './patient.ts';
import { errorPacket, fakeServer, greetingPacket, type FakeServer } from './testing/fake-server.ts';

const SOON = 300;
let folder: string;
let ca: string;
let right: { certificate: string; key: string };
let other: { certificate: string; key: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  const authority = await ensureCertificateAuthority({
    certificate: join(folder, 'ca.pem'),
    key: join(folder, 'ca-key.pem'),
  });
  ca = authority.certificate;
  right = await issueCertificate(authority, {
    commonName: 'test',
    dnsNames: ['orders.mysql.localhost'],
    addresses: ['127.0.0.1'],
  });
  other = await issueCertificate(authority, {
    commonName: 'test',
    dnsNames: ['reports.mysql.localhost'],
    addresses: ['127.0.0.9'],
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const patient = (more: Partial<Patient>): Patient => ({
  host: '127.0.0.1',
  port: 1,
  state: 'Ready',
  administratorLogin: 'shopadmin',
  rules: [{ name: 'me', startIpAddress: '127.0.0.0', endIpAddress: '127.0.0.255' }],
  clientAddress: '127.0.0.1',
  ca,
  credentials: undefined,
  ...more,
});

/** Where it ended, and what was said there. */
async function failing(more: Partial<Patient>): Promise<{ id: HopId | undefined; detail?: string; fix?: unknown }> {
  const { hops } = await examine(patient(more), SOON);
  expect(hops).toHaveLength(8);
  const failed = hops.filter(({ status }) => status === 'failed');
  expect(failed.length).toBeLessThan(2);
  return failed[0] ?? { id: undefined };
}

describe('the connection doctor', () => {
  it('finds nothing wrong with a right server, and sends it no credentials that it was not given', async () => {
    await using server = await fakeServer({ first: greetingPacket(), certificate: right });
    const { hops } = await examine(patient({ port: server.port }), SOON);
    expect(hops.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'server passed',
      'name passed',
      'port passed',
      'firewall passed',
      'answer passed',
      'tls passed',
      'signIn skipped',
      'database skipped',
    ]);
    expect(server.received()).toHaveLength(0);
  });

  it('tells a stopped server, an unknown name and a closed port apart', async () => {
    expect(await failing({ state: 'Stopped' })).toMatchObject({ id: 'server', fix: { kind: 'startServer' } });
    expect(await failing({ state: 'Updating' })).toMatchObject({ id: 'port' });
    expect(await failing({ host: 'no-such-server.invalid' })).toMatchObject({ id: 'name' });
    expect(await failing({ port: 1 })).toMatchObject({
      id: 'port',
      detail: expect.stringContaining('Nothing listens'),
    });
  });

  it('offers to allow the address that the server refused', async () => {
    const words = "Client with IP address '203.0.113.7' is not allowed to connect to this MySQL server.";
    await using server = await fakeServer({ first: errorPacket(9000, words) });
    expect(await failing({ port: server.port })).toMatchObject({
      id: 'firewall',
      detail: words,
      fix: { kind: 'addAddress', address: '203.0.113.7' },
    });
  });

  it('offers to allow the person’s own address where only the portal’s machine gets through', async () => {
    await using server = await fakeServer({ first: greetingPacket(), certificate: right });
    expect(await failing({ port: server.port, clientAddress: '198.51.100.7' })).toMatchObject({
      id: 'firewall',
      fix: { kind: 'addAddress', address: '198.51.100.7' },
    });
  });

  it('says when MySQL is silent, refuses, or is none', async () => {
    await using silent = await fakeServer({ first: null });
    expect(await failing({ port: silent.port })).toMatchObject({ id: 'answer' });
    await using full = await fakeServer({ first: errorPacket(1040, 'Too many connections') });
    expect(await failing({ port: full.port })).toMatchObject({ id: 'answer', detail: 'Too many connections' });
    await using ssh = await fakeServer({ first: Buffer.from('SSH-2.0-x\r\n') });
    expect(await failing({ port: ssh.port })).toMatchObject({
      id: 'answer',
      detail: expect.stringContaining('not MySQL'),
    });
  });

  it('trusts no certificate of another server or of another authority, and then sends no password', async () => {
    const credentials = { user: 'shopadmin', password: 'not-to-be-sent', database: '' };
    const wrong = async (server: FakeServer, more: Partial<Patient>) => {
      const result = await failing({ port: server.port, credentials, ...more });
      expect(server.received()).toHaveLength(0);
      return result;
    };
    await using impostor = await fakeServer({ first: greetingPacket(), certificate: other });
    expect(await wrong(impostor, {})).toMatchObject({ id: 'tls', detail: expect.stringContaining('another server') });
    await using unknown = await fakeServer({ first: greetingPacket(), certificate: right });
    expect(await wrong(unknown, { ca: undefined })).toMatchObject({
      id: 'tls',
      detail: expect.stringContaining('not signed by the authority'),
    });
  });

  it('refuses a server without TLS, or with an old one', async () => {
    await using plain = await fakeServer({ first: greetingPacket({ offersTls: false }) });
    expect(await failing({ port: plain.port })).toMatchObject({ id: 'tls' });
    await using old = await fakeServer({ first: greetingPacket(), certificate: right, maxVersion: 'TLSv1.1' });
    expect(await failing({ port: old.port })).toMatchObject({ id: 'tls', detail: expect.stringContaining('TLS 1.2') });
  });
});
