import 'reflect-metadata';
import { randomBytes, X509Certificate } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import * as x509 from '@peculiar/x509';
import { systemClock, type Clock } from '../clock.ts';
import { instancePaths, type MysqlInstance } from './instance.ts';
import { giveToMysqld } from './user.ts';

/** Taken by OpenSSL, Go, Java, Python and Node alike, and made in a millisecond where RSA takes hundreds. */
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
/** Apple's clients refuse server certificates that are valid for more than 825 days. */
const SERVER_DAYS = 800;
const RENEW_DAYS_BEFORE_END = 100;

/** For clocks that differ a little. */
const BACKDATED_MS = DAY_MS;

export interface CertificateAuthority {
  /** PEM: what clients trust. */
  certificate: string;
  signingKey: CryptoKey;
}

/** PEM, key as PKCS #8. */
export interface IssuedCertificate {
  certificate: string;
  key: string;
}

/** Whom a certificate is for. */
export interface CertificateNames {
  dnsNames: string[];
  /** IP addresses: VERIFY_IDENTITY compares them with what the client connects to. */
  addresses: string[];
}

/**
 * The home's CA; made when there is none. It is name-constrained to localhost, .localhost and 127.0.0.0/8, so that
 * trusting it, or losing its key, does harm to nobody else's names.
 *
 * @param paths of the certificate, and of its key (0600). The certificate is written last: with it both are there.
 */
export async function ensureCertificateAuthority(
  paths: { certificate: string; key: string },
  { clock }: { clock: Clock } = { clock: systemClock },
): Promise<CertificateAuthority> {
  const existing = await readFile(paths.certificate, 'utf8').catch((failure) => {
    if (failure.code !== 'ENOENT') throw failure;
    return undefined;
  });
  if (existing !== undefined) {
    const pkcs8 = x509.PemConverter.decodeFirst(await readFile(paths.key, 'utf8'));
    return {
      certificate: existing,
      signingKey: await crypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']),
    };
  }
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = clock.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    // A random part, so that a client that trusts several homes' CAs never takes one for the other.
    name: [{ CN: [`Flexdeck local CA ${randomBytes(4).toString('hex')}`] }],
    notBefore: new Date(now - BACKDATED_MS),
    notAfter: new Date(now + AUTHORITY_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      loopbackConstraint(),
    ],
  });
  await writeWhole(paths.key, await privateKeyPem(keys.privateKey), 0o600);
  await writeWhole(paths.certificate, pem(certificate), 0o644);
  return { certificate: pem(certificate), signingKey: keys.privateKey };
}

/**
 * A server certificate with a key of its own: for a MySQL server, or for the control plane's https.
 *
 * @param names all within what the CA may sign.
 */
export async function issueCertificate(
  authority: CertificateAuthority,
  {
    commonName,
    dnsNames,
    addresses,
    usage = 'serverAuth',
  }: CertificateNames & {
    commonName: string;
    usage?: 'serverAuth' | 'clientAuth';
  },
  { clock }: { clock: Clock } = { clock: systemClock },
): Promise<IssuedCertificate> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = clock.now();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: [{ CN: [commonName] }],
    issuer: issuer.subjectName,
    notBefore: new Date(now - BACKDATED_MS),
    notAfter: new Date(now + SERVER_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[usage]]),
      new x509.SubjectAlternativeNameExtension([
        ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
        ...addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return { certificate: pem(certificate), key: await privateKeyPem(keys.privateKey) };
}

/**
 * The instance's certificate files, readable by mysqld alone. Left as they are while they are from this CA, for these
 * names, and not near their end.
 *
 * @returns whether new ones were written: a running mysqld takes them with `ALTER INSTANCE RELOAD TLS`.
 */
export async function ensureServerCertificate(
  authority: CertificateAuthority,
  instance: MysqlInstance,
  names: CertificateNames & { commonName: string },
  { clock }: { clock: Clock } = { clock: systemClock },
): Promise<boolean> {
  const paths = instancePaths(instance);
  const existing = await readFile(paths.certificate, 'utf8').catch(() => undefined);
  if (existing !== undefined && isStillGood(existing, authority, names, clock.now())) return false;
  const { certificate, key } = await issueCertificate(authority, names, { clock });
  await writeWhole(paths.certificateAuthority, authority.certificate, 0o600);
  await writeWhole(paths.certificateKey, key, 0o600);
  await writeWhole(paths.certificate, certificate, 0o600);
  await giveToMysqld(paths.certificateAuthority, paths.certificateKey, paths.certificate);
  return true;
}

/** What an instance's certificate says of itself; undefined where there is none yet. */
export async function readServerCertificate(instance: MysqlInstance) {
  const text = await readFile(instancePaths(instance).certificate, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { subjectAltName = '', validFromDate, validToDate, fingerprint256 } = new X509Certificate(text);
  return {
    names: subjectAltName.split(', ').map((name) => name.replace(/^(DNS|IP Address):/, '')),
    validFrom: validFromDate,
    validTo: validToDate,
    renewedFrom: new Date(validToDate.getTime() - RENEW_DAYS_BEFORE_END * DAY_MS),
    fingerprint: fingerprint256,
  };
}

/** Who the daemon is to its servers: the subject of a certificate that the CA issues to nobody else. */
export const DAEMON_COMMON_NAME = 'flexdeck-daemon';

/**
 * The daemon's certificate for its own MySQL account, see `client.ts`: a new one at each of the daemon's starts.
 *
 * @param path mode 0600.
 */
export async function issueDaemonCertificate(
  authority: CertificateAuthority,
  path: string,
  options: { clock: Clock } = { clock: systemClock },
): Promise<void> {
  // A certificate under name constraints needs a name that they permit.
  const names = { commonName: DAEMON_COMMON_NAME, dnsNames: ['daemon.localhost'], addresses: [] };
  const issued = await issueCertificate(authority, { ...names, usage: 'clientAuth' }, options);
  await writeWhole(path, JSON.stringify({ ...issued, authority: authority.certificate }), 0o600);
}

/** Who a standby is to the server that it copies: the subject of a certificate that only standbys get. */
export const REPLICATION_COMMON_NAME = 'flexdeck-replication';

/** The instance's certificate for the replication account, readable by mysqld alone; a new one when it is near its end. */
export async function ensureReplicationCertificate(
  authority: CertificateAuthority,
  instance: MysqlInstance,
  { clock }: { clock: Clock } = { clock: systemClock },
): Promise<void> {
  const { replicationCertificate, replicationCertificateKey } = instancePaths(instance);
  const names = { commonName: REPLICATION_COMMON_NAME, dnsNames: ['replication.localhost'], addresses: [] };
  const existing = await readFile(replicationCertificate, 'utf8').catch(() => undefined);
  if (existing !== undefined && isStillGood(existing, authority, names, clock.now())) return;
  const { certificate, key } = await issueCertificate(authority, { ...names, usage: 'clientAuth' }, { clock });
  await writeWhole(replicationCertificateKey, key, 0o600);
  await writeWhole(replicationCertificate, certificate, 0o600);
  await giveToMysqld(replicationCertificate, replicationCertificateKey);
}

function isStillGood(text: string, authority: CertificateAuthority, names: CertificateNames, now: number): boolean {
  const certificate = new X509Certificate(text);
  return (
    certificate.verify(new X509Certificate(authority.certificate).publicKey) &&
    // Issued while the clock was ahead, it would be refused until that time comes.
    certificate.validFromDate.getTime() <= now &&
    certificate.validToDate.getTime() - now > RENEW_DAYS_BEFORE_END * DAY_MS &&
    names.dnsNames.every((name) => certificate.checkHost(name)) &&
    names.addresses.every((address) => certificate.checkIP(address))
  );
}

/**
 * NameConstraints of RFC 5280, 4.2.1.10, permittedSubtrees only: the DNS name `localhost` (it includes all below it) and
 * 127.0.0.0 with its mask.
 */
function loopbackConstraint(): x509.Extension {
  const tagged = (tag: number, ...content: Uint8Array[]) => {
    const body = Buffer.concat(content);
    return Buffer.concat([Buffer.from([tag, body.length]), body]);
  };
  const dnsName = tagged(0x82, Buffer.from('localhost'));
  const ipAddress = tagged(0x87, Buffer.from([127, 0, 0, 0, 255, 0, 0, 0]));
  const permitted = tagged(0xa0, tagged(0x30, dnsName), tagged(0x30, ipAddress));
  return new x509.Extension('2.5.29.30', true, tagged(0x30, permitted));
}

/** Positive, 127 random bits. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

async function privateKeyPem(key: CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

/** So that nobody ever reads half a file, nor a key before its mode is set. */
async function writeWhole(path: string, content: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, content, { mode });
  await rename(`${path}.new`, path);
}
