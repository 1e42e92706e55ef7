import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';

const accessToken = vi.hoisted(() => vi.fn(async () => 'a.b.c'));
vi.mock('../auth/session.ts', () => ({ accessToken }));
// Another file of this process may have loaded it with the real session already.
vi.resetModules();
const { againAfter, createQueryClient, keyOf, lostContact, read, readQuery, RequestError } =
  await import('./client.ts');

afterEach(() => vi.unstubAllGlobals());
afterAll(() => void vi.resetModules());

const answer = (status: number, body: unknown) => vi.fn(async () => Response.json(body, { status }));

describe('keys', () => {
  it('are the path, so that a server’s key begins those of what lies under it', () => {
    expect(keyOf('/api/servers/S/shop/Orders')).toEqual(['servers', 's', 'shop', 'orders']);
    expect(keyOf('/api/servers/s/shop/orders/databases')).toEqual(['servers', 's', 'shop', 'orders', 'databases']);
    expect(keyOf('/api/permissions?scope=%2Fsubscriptions%2Fs')).toEqual([
      'permissions',
      { scope: '/subscriptions/s' },
    ]);
    expect(keyOf('/api/servers/s/a%2Fb')).toEqual(['servers', 's', 'a/b']);
  });
});

describe('a read', () => {
  it('carries the token and gives the body', async () => {
    const fetch = answer(200, [1, 2]);
    vi.stubGlobal('fetch', fetch);
    await expect(read('/api/subscriptions')).resolves.toEqual([1, 2]);
    expect(fetch).toHaveBeenCalledWith(
      '/api/subscriptions',
      expect.objectContaining({ headers: { authorization: 'Bearer a.b.c' } }),
    );
  });

  it('throws ARM’s words with the request id, and asks a refusal once', async () => {
    const fetch = answer(403, { error: { code: 'AuthorizationFailed', message: 'You may not.', requestId: 'r-1' } });
    vi.stubGlobal('fetch', fetch);
    const client = createQueryClient();
    await expect(
      client.fetchQuery({ ...readQuery('/api/servers/s'), retry: client.getDefaultOptions().queries!.retry }),
    ).rejects.toMatchObject({
      code: 'AuthorizationFailed',
      status: 403,
      message: 'You may not.',
      requestId: 'r-1',
    });
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('retries what may pass, and says when the portal is away', async () => {
    const retry = createQueryClient().getDefaultOptions().queries!.retry as (failures: number, error: Error) => boolean;
    expect(retry(0, new RequestError(503, {}))).toBe(true);
    expect(retry(2, new RequestError(503, {}))).toBe(false);
    expect(retry(0, new RequestError(404, {}))).toBe(false);
    vi.stubGlobal(
      'fetch',
      vi.fn(async () => Promise.reject(new TypeError('fetch failed'))),
    );
    await expect(read('/api/subscriptions')).rejects.toMatchObject({ code: 'PortalUnreachable', status: 0 });
  });
});

it('says in its own words that no token could be had, and leaves the end of a session as it is', async () => {
  accessToken.mockRejectedValueOnce(new Error('timed_out: See https://aka.ms/msal.js.errors#timed_out for details'));
  const failure = await read('/api/subscriptions').catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'SignInUnreachable', status: 0 });
  expect(lostContact(failure)).toMatch(/^The sign-in service does not answer/);
  const end = Object.assign(new Error('Your session has ended.'), { code: 'SessionEnded', status: 401 });
  accessToken.mockRejectedValueOnce(end);
  await expect(read('/api/subscriptions')).rejects.toBe(end);
});

it('what was away is asked again until it is back, and a refusal is not', () => {
  expect(againAfter(new RequestError(0, {}))).toBeGreaterThan(0);
  expect(againAfter(new RequestError(503, {}))).toBeGreaterThan(0);
  for (const status of [400, 403, 404, 409, 500]) expect(againAfter(new RequestError(status, {}))).toBe(false);
  expect(againAfter(null)).toBe(false);
});

describe('a server that was deleted elsewhere', () => {
  const server = '/api/servers/s/shop/orders';
  /** Reads the server, then what lies under it, which is refused with `code`; whether the server is to be read anew. */
  async function serverIsDoubted(path: string, code: string): Promise<boolean> {
    const client = createQueryClient();
    client.setQueryData(keyOf(server), {});
    vi.stubGlobal('fetch', answer(404, { error: { code, message: 'It was not found.' } }));
    await expect(client.fetchQuery(readQuery(path))).rejects.toMatchObject({ code });
    return client.getQueryState(keyOf(server))!.isInvalidated;
  }

  it.each(['ResourceNotFound', 'ParentResourceNotFound', 'ResourceGroupNotFound'])(
    'is asked for at once when something of it is refused with %s',
    async (code) => {
      expect(await serverIsDoubted(`${server}/databases`, code)).toBe(true);
    },
  );

  it('is left alone by other refusals, and by other servers', async () => {
    expect(await serverIsDoubted(`${server}/databases`, 'ServerNotReady')).toBe(false);
    expect(await serverIsDoubted('/api/servers/s/shop/billing/databases', 'ResourceNotFound')).toBe(false);
  });
});
