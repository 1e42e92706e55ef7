import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openControlDatabase, type Database } from '../store/database.ts';
import { createAuthenticate } from './authenticate.ts';
import { authorityEndpoints } from './authority-endpoints.ts';
import { createAuthorizer } from './authorization.ts';
import { loadIssuerKeys } from './keys.ts';
import { ensureServicePrincipal, type ServicePrincipalFile } from './service-principal.ts';

const ISSUER = 'http://localhost:8444';
const where = {
  tenantId: randomUUID(),
  subscriptionId: randomUUID(),
  armOrigin: 'http://localhost:8443',
  caFile: '/ca.pem',
};

let folder: string;
let database: Database;
let app: FastifyInstance;
let file: ServicePrincipalFile;
const path = () => join(folder, 'service-principal.json');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flexdeck-sp-'));
  database = openControlDatabase(':memory:');
  const keys = await loadIssuerKeys(join(folder, 'keys.json'));
  file = ensureServicePrincipal(database, path(), where, randomUUID);
  app = fastify();
  app.register(authorityEndpoints({ database, keys, issuer: ISSUER, tenantId: where.tenantId }));
});
afterAll(async () => {
  await app.close();
  database.close();
  rmSync(folder, { recursive: true });
});

async function post(url: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await app.inject({
    method: 'POST',
    url,
    payload: new URLSearchParams(form).toString(),
    headers: { host: 'localhost:8443', 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  return { status: response.statusCode, json: response.json() as Record<string, unknown> };
}

const credentials = () => ({
  grant_type: 'client_credentials',
  client_id: file.clientId,
  client_secret: file.clientSecret,
});
const scope = 'https://management.azure.com/.default';

test.each([
  ['an SDK', () => `/${where.tenantId}/oauth2/v2.0/token`, { scope }],
  [
    'the Azure CLI, AD FS form',
    () => '/adfs/oauth2/token',
    { scope: 'http://localhost:8443/.default', client_info: '1', claims: '{}' },
  ],
  ['the first version', () => `/${where.tenantId}/oauth2/token`, { resource: 'https://management.core.windows.net/' }],
])('%s gets a token that ARM takes, with role Owner', async (_, url, extra) => {
  const { status, json } = await post(url(), { ...credentials(), ...(extra as Record<string, string>) });
  expect({ status, type: json.token_type, seconds: json.expires_in }).toEqual({
    status: 200,
    type: 'Bearer',
    seconds: 3600,
  });
  const keys = await loadIssuerKeys(join(folder, 'keys.json'));
  const authenticate = createAuthenticate({ database, keys, issuer: ISSUER, tenantId: where.tenantId });
  const principal = await authenticate(`Bearer ${json.access_token}`, where.armOrigin);
  expect(principal).toMatchObject({ name: file.clientId, kind: 'ServicePrincipal', tenantId: where.tenantId });
  expect(createAuthorizer(database).isAllowed(principal, 'any/write', `/subscriptions/${where.subscriptionId}`)).toBe(
    true,
  );
});

test('the secret may come as HTTP Basic', async () => {
  const authorization = `Basic ${Buffer.from(`${file.clientId}:${file.clientSecret}`).toString('base64')}`;
  expect(
    (await post('/adfs/oauth2/token', { grant_type: 'client_credentials', scope }, { authorization })).status,
  ).toBe(200);
});

test.each([
  [{ client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
  [{ client_secret: '' }, 401, 'invalid_client', 7000218],
  [{ client_id: randomUUID() }, 400, 'unauthorized_client', 700016],
  [{ client_id: '' }, 400, 'invalid_request', 900144],
  [{ scope: 'https://graph.microsoft.com/.default' }, 400, 'invalid_scope', 70011],
  [{ scope: '' }, 400, 'invalid_request', 900144],
  [{ grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
])('with %o it is refused as Entra would', async (changes, status, error, number) => {
  const answer = await post(`/${where.tenantId}/oauth2/v2.0/token`, {
    ...credentials(),
    scope,
    ...(changes as Record<string, string>),
  });
  expect(answer).toMatchObject({
    status,
    json: { error, error_codes: [number], error_description: expect.stringContaining(`AADSTS${number}`) },
  });
  expect(JSON.stringify(answer.json)).not.toContain(file.clientSecret);
});

test('another tenant is refused', async () => {
  expect(await post(`/${randomUUID()}/oauth2/v2.0/token`, credentials())).toMatchObject({
    status: 400,
    json: { error_codes: [90002] },
  });
});

test.each([`/${where.tenantId}/v2.0`, '/adfs'])('%s can be discovered, and its keys are there', async (base) => {
  const headers = { host: 'localhost:8443' };
  const document = (await app.inject({ url: `${base}/.well-known/openid-configuration`, headers })).json() as Record<
    string,
    string
  >;
  expect(document.issuer).toBe(`http://localhost:8443${base}`);
  expect(document.token_endpoint).toMatch(/^http:\/\/localhost:8443\/.*\/token$/);
  const keySet = (await app.inject({ url: new URL(document.jwks_uri!).pathname, headers })).json() as {
    keys: object[];
  };
  expect(keySet.keys[0]).toMatchObject({ kty: 'RSA', alg: 'RS256' });
  expect(keySet.keys[0]).not.toHaveProperty('d');
});

test('the file keeps its secret over restarts, follows the port, and is made anew when it is lost', async () => {
  const moved = ensureServicePrincipal(database, path(), { ...where, armOrigin: 'https://localhost:9443' }, randomUUID);
  expect(moved).toEqual({
    ...file,
    resourceManagerEndpoint: 'https://localhost:9443',
    authorityHost: 'https://localhost:9443',
    adfsAuthorityHost: 'https://localhost:9443/adfs',
  });
  expect(JSON.parse(readFileSync(path(), 'utf8'))).toEqual(moved);
  rmSync(path());
  const fresh = ensureServicePrincipal(database, path(), where, randomUUID);
  expect(fresh.clientId).toBe(file.clientId);
  const old = await post('/adfs/oauth2/token', { ...credentials(), scope });
  expect(old.status).toBe(401);
  file = fresh;
  expect((await post('/adfs/oauth2/token', { ...credentials(), scope })).status).toBe(200);
});
