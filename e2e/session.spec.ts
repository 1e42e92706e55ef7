import { once } from 'node:events';
import { request as send, type IncomingMessage } from 'node:http';
import { apiPaths, paths, SIGNED_IN_COOKIE } from '../lib/paths.ts';
import { test, expect } from './support/fixtures.ts';
import { builtActions, callAction, tokenOf } from './support/portal.ts';
import { ownName } from './support/servers.ts';
import { badTokens } from './support/session-tokens.ts';

test('signing out ends the session here and at the issuer', async ({ page, context, signIn, world }) => {
  await signIn(page, 'owner');
  await page.getByRole('button', { name: 'Account: owner@local' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  const signInButton = page.getByRole('button', { name: 'Sign in' });
  await expect(signInButton).toBeVisible();
  const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  expect(stored, 'a token was left behind').not.toMatch(/eyJ[\w-]+\.eyJ/);

  // Nobody is signed in again in silence: not by the portal's hint, and not by the issuer's session.
  await context.addCookies([{ name: SIGNED_IN_COOKIE, value: '1', url: world.portal }]);
  await page.goto(paths.createServer());
  await expect(signInButton).toBeVisible();
  await signInButton.click();
  await expect(page).toHaveURL((url) => url.origin === world.issuer);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('a one-time link works once', async ({ page, browser, signInLink }) => {
  const link = await signInLink('owner');
  await page.goto(link);
  await expect(page.getByRole('button', { name: 'Account: owner@local' })).toBeVisible();
  const other = await browser.newPage();
  await other.goto(link);
  await expect(other.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
  await other.close();
});

test('bad tokens read nothing and change nothing', async ({ page, request, signIn, world, group, arm }) => {
  await signIn(page, 'owner');
  await page.goto(paths.createServer());
  const good = await tokenOf(page);
  const { subscriptionId, portal } = world;
  const reads = [
    apiPaths.subscriptions(),
    apiPaths.servers(subscriptionId),
    apiPaths.resourceGroups(subscriptionId),
    apiPaths.locations(subscriptionId),
  ];
  const read = (path: string, token: string) =>
    request.get(portal + path, { headers: token === '' ? {} : { authorization: `Bearer ${token}` } });
  const createGroup = builtActions().find(({ name }) => name.endsWith(' createGroup'))!;
  const name = ownName('e2e-never');
  const create = (token: string, origin?: string | null) =>
    callAction(request, createGroup, {
      portal,
      origin,
      args: [token, { subscriptionId, name, location: 'westeurope' }],
    });

  for (const path of reads) expect((await read(path, good)).status(), path).toBe(200);
  for (const [what, token] of Object.entries(await badTokens(good, world.home))) {
    for (const path of reads) expect((await read(path, token)).status(), `${what}: ${path}`).toBe(401);
    const { text } = await create(token);
    expect(text, what).toContain('"ok":false');
    expect(text, what).toContain('"status":401');
  }
  // A good token, but another site's page, or no page at all.
  expect((await create(good, 'https://shop.example')).status).toBeGreaterThanOrEqual(400);
  expect((await create(good, null)).text).toContain('"code":"InvalidOrigin"');

  const { body } = await arm.send('GET', `/subscriptions/${subscriptionId}/resourceGroups?api-version=2022-09-01`);
  const names = body.value.map((one: { name: string }) => one.name);
  expect(names).toContain(group);
  expect(names).not.toContain(name);
});

test('the portal has one origin', async ({ world }) => {
  const { port } = new URL(world.portal);
  const ask = async (host: string) => {
    const sent = send({ host: '127.0.0.1', port, path: '/servers?filter=x', headers: { host } });
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    return { status: answer.statusCode, location: answer.headers.location };
  };
  expect(await ask(`127.0.0.1:${port}`)).toEqual({ status: 307, location: `${world.portal}/servers?filter=x` });
  // A name of somebody else's that resolves to this machine gets nothing.
  expect((await ask(`evil.example:${port}`)).status).toBe(421);
});
