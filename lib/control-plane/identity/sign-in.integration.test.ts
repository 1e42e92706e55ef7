import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { findAccountByName, setPasswordHash } from '../store/accounts.ts';
import { openControlDatabase, type Database } from '../store/database.ts';
import { startIdentity, type Identity } from './identity.ts';
import { hashPassword } from './password.ts';
import { PORTAL_CLIENT_ID } from './provider.ts';

const PORTAL = 'http://localhost:3999';
const ARM = 'https://localhost:8443';
const TENANT = randomUUID();
const SUBSCRIPTION = randomUUID();
const PASSWORD = 'correct horse battery';

let home: string;
let database: Database;
let identity: Identity;

function start(port = 0): Promise<Identity> {
  return startIdentity({
    database,
    home,
    tenantId: TENANT,
    subscriptionId: SUBSCRIPTION,
    issuerPort: port,
    portalOrigin: PORTAL,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    randomId: randomUUID,
  });
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'flexdeck-identity-'));
  database = openControlDatabase(join(home, 'control.db'));
  identity = await start();
  const owner = findAccountByName(database, 'owner@local')!;
  setPasswordHash(database, owner.objectId, await hashPassword(PASSWORD));
});

afterAll(async () => {
  await identity.close();
  database.close();
  rmSync(home, { recursive: true });
});

let browser: Browser;
beforeEach(() => {
  browser = new Browser();
});

/** As much of a browser as signing in needs: cookies with their paths, and no following of redirects by itself. */
class Browser {
  readonly cookies = new Map<string, { value: string; path: string }>();

  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(url);
    const sent = [...this.cookies].filter(([, { path }]) => pathname.startsWith(path));
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      // A kept connection would be one to the daemon before its restart.
      headers: {
        connection: 'close',
        ...init.headers,
        cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; '),
      },
    });
    for (const line of response.headers.getSetCookie()) this.keep(line);
    return response;
  }

  post(url: string, fields: Record<string, string>, origin = new URL(url).origin): Promise<Response> {
    return this.send(url, { method: 'POST', body: new URLSearchParams(fields), headers: { origin } });
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find((attribute) => attribute.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    const over = attributes.some((attribute) => /^expires=Thu, 01 Jan 1970/i.test(attribute));
    if (over || value === '') this.cookies.delete(name);
    else this.cookies.set(name, { value, path });
    expect(line.toLowerCase()).toContain('httponly');
    expect(line.toLowerCase()).toContain('samesite=lax');
  }
}

/** What MSAL does first; follows redirects until the portal or a page. */
async function authorize(extra: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    client_id: PORTAL_CLIENT_ID,
    response_type: 'code',
    response_mode: 'fragment',
    redirect_uri: `${PORTAL}/redirect.html`,
    scope: 'openid profile https://management.azure.com/user_impersonation',
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  });
  const end = await follow(await browser.send(`${identity.issuerOrigin}/auth?${query}`));
  return { ...end, verifier };
}

async function follow(response: Response): Promise<{ url: string; response: Response }> {
  let url = response.url;
  for (let hops = 0; hops < 10; hops++) {
    const location = response.headers.get('location');
    if (!location) return { url, response };
    url = new URL(location, url).href;
    if (url.startsWith(PORTAL)) return { url, response };
    response = await browser.send(url);
  }
  throw new Error(`too many redirects, last to ${url}`);
}

function answerOf(url: string): URLSearchParams {
  return new URLSearchParams(new URL(url).hash.slice(1));
}

async function redeem(url: string, verifier: string): Promise<Record<string, string>> {
  const response = await fetch(`${identity.issuerOrigin}/token`, {
    method: 'POST',
    headers: { connection: 'close', origin: PORTAL },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: PORTAL_CLIENT_ID,
      code: answerOf(url).get('code') ?? '',
      redirect_uri: `${PORTAL}/redirect.html`,
      code_verifier: verifier,
    }),
  });
  const tokens = (await response.json()) as Record<string, string>;
  expect(response.status, JSON.stringify(tokens)).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe(PORTAL);
  return tokens;
}

function renew(refreshToken: string): Promise<Response> {
  return fetch(`${identity.issuerOrigin}/token`, {
    method: 'POST',
    headers: { connection: 'close', origin: PORTAL },
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: PORTAL_CLIENT_ID,
      refresh_token: refreshToken,
    }),
  });
}

async function openLink(link: string, origin = identity.issuerOrigin): Promise<Response> {
  const { hash } = new URL(link);
  return browser.send(`${identity.issuerOrigin}/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ secret: hash.slice(1) }),
  });
}

async function signInByLink(account: string): Promise<Record<string, string>> {
  const opened = await openLink(identity.signInLink(account));
  expect(opened.status).toBe(200);
  const { url, verifier } = await authorize();
  return redeem(url, verifier);
}

describe('one-time link', () => {
  test('one click signs in: the portal gets a code without a prompt, and a token that ARM takes', async () => {
    const opened = await openLink(identity.signInLink('reader'));
    expect(await opened.json()).toEqual({ location: `${PORTAL}/?signIn=reader%40local&offerPassword=true` });
    const { url, verifier } = await authorize();
    const answer = answerOf(url);
    expect(answer.get('state')).toBe('state-1');
    expect(answer.get('iss')).toBe(identity.issuerOrigin);
    const tokens = await redeem(url, verifier);
    expect(tokens.scope).toContain('https://management.azure.com/user_impersonation');
    expect(Number(tokens.expires_in)).toBeGreaterThan(300);
    expect(decodeJwt(tokens.id_token!)).toMatchObject({
      preferred_username: 'reader@local',
      nonce: 'nonce-1',
      tid: TENANT,
    });
    expect(decodeJwt(tokens.access_token!)).toMatchObject({
      aud: 'https://management.azure.com',
      upn: 'reader@local',
      name: 'Local reader',
      appid: PORTAL_CLIENT_ID,
      tid: TENANT,
    });
    await expect(identity.authenticate(`Bearer ${tokens.access_token}`, ARM)).resolves.toEqual({
      objectId: findAccountByName(database, 'reader@local')!.objectId,
      tenantId: TENANT,
      name: 'reader@local',
      kind: 'User',
    });
    await expect(identity.authenticate(`Bearer ${tokens.id_token}`, ARM)).rejects.toMatchObject({
      code: 'InvalidAuthenticationToken',
    });
  });

  test('works once, and never for a page of another site', async () => {
    const link = identity.signInLink('owner');
    expect((await openLink(link, 'https://evil.example')).status).toBe(403);
    expect((await openLink(link)).status).toBe(200);
    browser = new Browser();
    expect((await openLink(link)).status).toBe(403);
    expect((await authorize()).url).toContain('/interaction/');
  });

  test('replaces whoever was signed in, whose tokens are not renewed any more', async () => {
    const before = await signInByLink('owner');
    const renewed = await renew(before.refresh_token!);
    expect(renewed.status).toBe(200);
    const tokens = await signInByLink('contributor');
    expect(decodeJwt(tokens.access_token!)).toMatchObject({ upn: 'contributor@local' });
    const { refresh_token: current } = (await renewed.json()) as { refresh_token: string };
    expect((await renew(current)).status).toBe(400);
  });

  test('lets a tab go on that was waiting at the sign-in page', async () => {
    const waiting = await authorize();
    expect(waiting.response.status).toBe(200);
    expect(await waiting.response.text()).toContain('Sign in');
    await openLink(identity.signInLink('owner'));
    const resumed = await follow(await browser.send(waiting.url));
    const tokens = await redeem(resumed.url, waiting.verifier);
    expect(decodeJwt(tokens.access_token!)).toMatchObject({ upn: 'owner@local' });
  });
});

describe('account and password', () => {
  test('wrong ones are refused in words, the right one signs in', async () => {
    const { url, verifier } = await authorize();
    const account = findAccountByName(database, 'owner@local')!.objectId;
    const wrong = await browser.post(url, { account, password: 'wrong' });
    expect(wrong.status).toBe(401);
    expect(await wrong.text()).toContain('That is not the password of this account.');
    expect((await browser.post(url, { account, password: PASSWORD }, 'http://localhost:3999')).status).toBe(403);
    const right = await follow(await browser.post(url, { account, password: PASSWORD }));
    expect(decodeJwt((await redeem(right.url, verifier)).access_token!)).toMatchObject({ upn: 'owner@local' });
  });

  test('a page shows only accounts that have one', async () => {
    const page = await (await authorize()).response.text();
    expect(page).toContain('owner@local');
    expect(page).not.toContain('contributor@local');
  });

  test('whoever came by a link sets one without knowing the old', async () => {
    expect((await browser.send(`${identity.issuerOrigin}/password`)).status).toBe(401);
    await signInByLink('contributor');
    const short = await browser.post(`${identity.issuerOrigin}/password`, { password: 'short', again: 'short' });
    expect(short.status).toBe(400);
    const set = await browser.post(`${identity.issuerOrigin}/password`, { password: PASSWORD, again: PASSWORD });
    expect(await set.text()).toContain('Password set');
    browser = new Browser();
    const { url } = await authorize();
    const account = findAccountByName(database, 'contributor@local')!.objectId;
    expect((await follow(await browser.post(url, { account, password: PASSWORD }))).url).toContain(PORTAL);
  });
});

describe('session', () => {
  test('outlives the daemon', async () => {
    await signInByLink('owner');
    const port = Number(new URL(identity.issuerOrigin).port);
    await identity.close();
    identity = await start(port);
    const { url, verifier } = await authorize({ prompt: 'none' });
    expect(decodeJwt((await redeem(url, verifier)).access_token!)).toMatchObject({ upn: 'owner@local' });
  });

  test('ends with signing out, which goes back to the portal', async () => {
    const { id_token: idToken } = await signInByLink('owner');
    const query = new URLSearchParams({
      id_token_hint: idToken!,
      post_logout_redirect_uri: `${PORTAL}/redirect.html`,
      state: 's',
    });
    const page = await (await browser.send(`${identity.issuerOrigin}/session/end?${query}`)).text();
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page)!;
    const ended = await browser.post(`${identity.issuerOrigin}/session/end/confirm`, { xsrf: xsrf!, logout: 'yes' });
    expect(ended.headers.get('location')).toBe(`${PORTAL}/redirect.html?state=s`);
    expect((await authorize()).url).toContain('/interaction/');
    expect(answerOf((await authorize({ prompt: 'none' })).url).get('error')).toBe('login_required');
  });

  test('select_account shows the page though somebody is signed in', async () => {
    await signInByLink('owner');
    browser.cookies.delete([...browser.cookies.keys()].find((name) => name.startsWith('flexdeck_link'))!);
    const { url, verifier } = await authorize({ prompt: 'select_account' });
    const account = findAccountByName(database, 'owner@local')!.objectId;
    const end = await follow(await browser.post(url, { account, password: PASSWORD }));
    await redeem(end.url, verifier);
  });
});

describe('protocol', () => {
  test.each([
    ['without PKCE', { code_challenge: '', code_challenge_method: '' }],
    ['to a foreign redirect URI', { redirect_uri: 'http://localhost:4000/redirect.html' }],
    ['for another client', { client_id: randomUUID() }],
  ])('refuses a request %s', async (_, extra) => {
    await openLink(identity.signInLink('owner'));
    const { url, response } = await authorize(extra);
    const error = url.startsWith(PORTAL) ? answerOf(url).get('error') : response.status;
    expect([400, 'invalid_request']).toContain(error);
  });

  test('answers to localhost only, on each address of it', async () => {
    const { port } = new URL(identity.issuerOrigin);
    const other = await fetch(`http://127.0.0.1:${port}/sign-in`, { redirect: 'manual' });
    expect(other.headers.get('location')).toBe(`${identity.issuerOrigin}/sign-in`);
    // Where the machine has IPv6, `localhost` may mean ::1 to a browser.
    const sixth = Object.values(networkInterfaces()).some((addresses) =>
      addresses?.some(({ address }) => address === '::1'),
    );
    if (sixth) expect((await fetch(`http://[::1]:${port}/sign-in`, { redirect: 'manual' })).status).toBe(302);
  });

  test('keeps its files from others', () => {
    identity.publishServicePrincipal({ armOrigin: ARM, caFile: join(home, 'ca.pem') });
    for (const name of ['issuer-keys.json', 'service-principal.json']) {
      expect(statSync(join(home, name)).mode & 0o777, name).toBe(0o600);
    }
  });
});
