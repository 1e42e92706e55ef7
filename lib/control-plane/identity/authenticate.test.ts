import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportSPKI, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAccountByName } from '../store/accounts.ts';
import { openControlDatabase, type Database } from '../store/database.ts';
import { ensureLocalAccounts } from './accounts.ts';
import { createAuthenticate, type Authenticate } from './authenticate.ts';
import { loadIssuerKeys, type IssuerKeys } from './keys.ts';

const ISSUER = 'http://localhost:8444';
const ARM = 'https://localhost:8443';
const TENANT = randomUUID();

let folder: string;
let database: Database;
let keys: IssuerKeys;
let authenticate: Authenticate;
let oid: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flexdeck-keys-'));
  database = openControlDatabase(':memory:');
  ensureLocalAccounts(database, randomUUID(), randomUUID);
  oid = findAccountByName(database, 'owner@local')!.objectId;
  keys = await loadIssuerKeys(join(folder, 'keys.json'));
  authenticate = createAuthenticate({ database, keys, issuer: ISSUER, tenantId: TENANT });
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

interface Changes {
  aud?: string;
  iss?: string;
  expiresIn?: string;
  typ?: string;
  oid?: string;
  tid?: string;
  key?: CryptoKey | Uint8Array;
  alg?: string;
}

/** A good token, but for what is given. */
async function token(changes: Changes = {}): Promise<string> {
  return new SignJWT({ oid: changes.oid ?? oid, tid: changes.tid ?? TENANT, appid: randomUUID() })
    .setProtectedHeader({ alg: changes.alg ?? 'RS256', typ: changes.typ ?? 'at+jwt', kid: keys.keyId })
    .setIssuer(changes.iss ?? ISSUER)
    .setAudience(changes.aud ?? 'https://management.azure.com')
    .setIssuedAt()
    .setExpirationTime(changes.expiresIn ?? '1h')
    .sign(changes.key ?? keys.privateKey);
}

test.each([
  'https://management.azure.com',
  'https://management.azure.com/',
  'https://management.core.windows.net/',
  'https://management.core.windows.net',
  ARM,
  `${ARM}/`,
])('takes a token for %s', async (aud) => {
  await expect(authenticate(`Bearer ${await token({ aud })}`, ARM)).resolves.toMatchObject({
    objectId: oid,
    name: 'owner@local',
  });
});

test.each([
  ['expired', { expiresIn: '-1s' }, 'ExpiredAuthenticationToken'],
  ['for another audience', { aud: 'https://graph.microsoft.com' }, 'InvalidAuthenticationTokenAudience'],
  ['of another issuer', { iss: 'http://localhost:9999' }, 'InvalidAuthenticationToken'],
  ['that is an id token', { typ: 'JWT' }, 'InvalidAuthenticationToken'],
  ['of another tenant', { tid: randomUUID() }, 'InvalidAuthenticationToken'],
  ['of somebody unknown', { oid: randomUUID() }, 'InvalidAuthenticationToken'],
] as const)('refuses a token %s', async (_, changes, code) => {
  await expect(authenticate(`Bearer ${await token(changes)}`, ARM)).rejects.toMatchObject({ status: 401, code });
});

test('refuses a token that another key signed', async () => {
  const { privateKey } = await generateKeyPair('RS256');
  await expect(authenticate(`Bearer ${await token({ key: privateKey })}`, ARM)).rejects.toMatchObject({
    code: 'InvalidAuthenticationToken',
  });
});

test('refuses a token without a signature, with a changed claim, or signed with the public key as a secret', async () => {
  const good = await token();
  const [header, payload, signature] = good.split('.') as [string, string, string];
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
  const changed = Buffer.from(payload, 'base64url')
    .toString()
    .replace(oid, findAccountByName(database, 'reader@local')!.objectId);
  const publicKey = new TextEncoder().encode(await exportSPKI(keys.publicKey));
  const forged = [
    `${none}.${payload}.`,
    `${header}.${Buffer.from(changed).toString('base64url')}.${signature}`,
    await token({ alg: 'HS256', key: publicKey }),
    'nonsense',
  ];
  for (const text of forged) {
    await expect(authenticate(`Bearer ${text}`, ARM)).rejects.toMatchObject({
      status: 401,
      code: 'InvalidAuthenticationToken',
    });
  }
});

test.each([
  [undefined, 'AuthenticationFailed'],
  ['', 'AuthenticationFailed'],
  ['Basic abc', 'AuthenticationFailedInvalidHeader'],
  ['Bearer', 'AuthenticationFailedInvalidHeader'],
  ['Bearer a b', 'AuthenticationFailedInvalidHeader'],
])('answers to the header %j with %s', async (header, code) => {
  await expect(authenticate(header, ARM)).rejects.toMatchObject({ status: 401, code });
});

test('the words are those of ARM', async () => {
  await expect(authenticate(`Bearer ${await token({ aud: 'https://x' })}`, ARM)).rejects.toThrow(
    "The access token has been obtained from wrong audience or resource 'https://x'. It should exactly match (including forward slash) " +
      "with one of the allowed audiences 'https://management.core.windows.net/','https://management.core.windows.net',",
  );
  await expect(authenticate(`Bearer ${await token({ expiresIn: '-1s' })}`, ARM)).rejects.toThrow(
    /^The access token expiry UTC time '\d+\/\d+\/\d{4} \d+:\d\d:\d\d [AP]M' is earlier than current UTC time '/,
  );
});

test('keys stay the same over a restart', async () => {
  const again = await loadIssuerKeys(join(folder, 'keys.json'));
  expect(again.signingJwk).toEqual(keys.signingJwk);
  expect(again.cookieSecret).toBe(keys.cookieSecret);
});
