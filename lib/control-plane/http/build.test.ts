import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { ArmError } from '../../arm/error.ts';
import type { ArmRequest, ArmRoute, Principal } from '../resources/route.ts';
import { buildHttp, type HttpOptions } from './build.ts';

const SUBSCRIPTION = '11111111-2222-3333-4444-555555555555';
const SERVER = `/subscriptions/${SUBSCRIPTION}/resourceGroups/Shop/providers/Microsoft.DBforMySQL/flexibleServers/Orders-1`;
const VERSIONS = ['2021-05-01', '2024-12-30'];
const principal: Principal = { objectId: 'oid-1', tenantId: 'tid-1', name: 'reader@local', kind: 'User' };

/** A pipeline with one server resource that answers with what it was handed. */
function build(overrides: Partial<HttpOptions> = {}, deletable: string[] = []) {
  const requests: ArmRequest[] = [];
  const asked: { action: string; scope: string }[] = [];
  const template =
    '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.DBforMySQL/flexibleServers/{serverName}';
  const route = (method: ArmRoute['method'], path = template): ArmRoute => ({
    method,
    path,
    operationId: `Test_${method}`,
    action: `Microsoft.DBforMySQL/flexibleServers/${method === 'GET' ? 'read' : 'write'}`,
    apiVersions: VERSIONS,
    handle(request) {
      requests.push(request);
      return { status: 200, body: { params: request.params, body: request.body }, headers: { etag: '"1"' } };
    },
  });
  const lines: string[] = [];
  const app = buildHttp({
    routes: [
      route('GET'),
      route('PUT'),
      ...deletable.map((path) => route('DELETE', path)),
      { ...route('POST', `${template}/start`), handle: () => ({ status: 202 }) },
      { ...route('GET', '/subscriptions/{subscriptionId}/resourcegroups/{name}'), operationId: 'Groups_Get' },
      {
        ...route('POST', `${template}/fail`),
        handle() {
          throw new Error('secret-inside');
        },
      },
      { ...route('GET', '/{scope}/providers/Microsoft.Insights/metrics'), action: null },
    ],
    authenticate: async (authorization) => {
      if (authorization === 'Bearer good') return principal;
      throw new ArmError('AuthenticationFailed', 401, "Authentication failed. The 'Authorization' header is missing.");
    },
    authorizer: {
      isAllowed: () => true,
      require(who, action, scope) {
        asked.push({ action, scope });
        if (scope.endsWith('forbidden'))
          throw new ArmError('AuthorizationFailed', 403, `The client '${who.name}' may not.`);
      },
    },
    subscriptionExists: (id) => id === SUBSCRIPTION,
    locksAround: () => [],
    locations: ['westeurope', 'northeurope'],
    portalOrigin: 'http://localhost:3000',
    clock: { now: () => Date.UTC(2026, 10, 22, 17, 43, 35) },
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    ...overrides,
  });
  const call = async (
    method: string,
    url: string,
    { body, headers = {} }: { body?: string | Buffer; headers?: Record<string, string> } = {},
  ) => {
    const response = await app.inject({
      method: method as 'GET',
      url,
      payload: body,
      headers: {
        host: 'localhost:8443',
        authorization: 'Bearer good',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
    });
    const text = response.body;
    return { status: response.statusCode, headers: response.headers, text, json: text ? JSON.parse(text) : undefined };
  };
  return { app, call, requests, asked, lines };
}

describe('every answer', () => {
  test('carries ids, is not cached, and echoes what the caller wants back', async () => {
    const { call } = build();
    const answer = await call('GET', `${SERVER}?api-version=2024-12-30`, {
      headers: {
        'x-ms-correlation-request-id': 'c0ffee00-0000-4000-8000-000000000000',
        'x-ms-client-request-id': 'abc-1',
        'x-ms-return-client-request-id': 'true',
      },
    });
    expect(answer.headers).toMatchObject({
      'x-ms-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-ms-correlation-request-id': 'c0ffee00-0000-4000-8000-000000000000',
      'x-ms-routing-request-id': expect.stringMatching(/^LOCAL:20261122T174335Z:[0-9a-f-]{36}$/),
      'x-ms-client-request-id': 'abc-1',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'content-type': 'application/json; charset=utf-8',
      'x-ms-ratelimit-remaining-subscription-reads': '11999',
      etag: '"1"',
    });
    expect(answer.headers).not.toHaveProperty('strict-transport-security');
  });

  test('a correlation id of another form is not echoed', async () => {
    const { call } = build();
    const answer = await call('GET', SERVER, { headers: { 'x-ms-correlation-request-id': '<script>' } });
    expect(answer.headers['x-ms-correlation-request-id']).toBe(answer.headers['x-ms-request-id']);
  });
});

describe('routing', () => {
  test('knows no case and no empty segments, and leaves parameters as they are', async () => {
    const { call, requests } = build();
    const url = SERVER.toLowerCase()
      .replace('shop', 'Shop')
      .replace('orders-1', 'Orders%2D1')
      .replace('microsoft.dbformysql/', 'microsoft.dbformysql//');
    expect((await call('GET', `${url}/?API-VERSION=2024-12-30&$top=5`)).status).toBe(200);
    expect(requests[0]).toMatchObject({
      params: { subscriptionId: SUBSCRIPTION, resourceGroupName: 'Shop', serverName: 'Orders-1' },
      query: { $top: '5' },
      apiVersion: '2024-12-30',
      origin: 'https://localhost:8443'.replace('https', 'http'),
      principal,
    });
  });

  test('HEAD answers as GET without a body', async () => {
    const { call } = build();
    expect(await call('HEAD', `${SERVER}?api-version=2024-12-30`)).toMatchObject({ status: 200, text: '' });
  });

  test('a parameter in first place takes a whole resource id', async () => {
    const { call, requests } = build();
    await call('GET', `${SERVER}/providers/Microsoft.Insights/metrics?api-version=2024-12-30`);
    expect(requests[0]?.params.scope).toBe(SERVER.slice(1));
  });

  test.each([
    ['GET', SERVER, 400, 'MissingApiVersionParameter'],
    ['GET', `${SERVER}?api-version=latest`, 400, 'InvalidApiVersionParameter'],
    ['GET', `${SERVER}?api-version=2099-01-01`, 400, 'NoRegisteredProviderFound'],
    [
      'GET',
      `/subscriptions/${SUBSCRIPTION}/resourceGroups/a?api-version=2099-01-01`,
      400,
      'InvalidApiVersionParameter',
    ],
    ['GET', `${SERVER.replace('DBforMySQL', 'Nowhere')}?api-version=2024-12-30`, 404, 'InvalidResourceNamespace'],
    ['GET', `${SERVER}/wrongs/a?api-version=2024-12-30`, 404, 'InvalidResourceType'],
    ['GET', '/nothing?api-version=2024-12-30', 404, 'NotFound'],
    ['DELETE', `${SERVER}?api-version=2024-12-30`, 405, 'MethodNotAllowed'],
    ['PROPFIND', `${SERVER}?api-version=2024-12-30`, 405, 'MethodNotAllowed'],
    ['GET', '/subscriptions/%zz?api-version=2024-12-30', 400, 'InvalidRequestUri'],
    ['GET', SERVER.replace(SUBSCRIPTION, 'mine') + '?api-version=2024-12-30', 400, 'InvalidSubscriptionId'],
    ['GET', SERVER.replace('1111', '9999') + '?api-version=2024-12-30', 404, 'SubscriptionNotFound'],
  ])('%s %s is %i %s', async (method, url, status, code) => {
    const { call, requests } = build();
    const answer = await call(method, url);
    expect(answer).toMatchObject({ status, json: { error: { code } } });
    expect(answer.headers['x-ms-request-id']).toBeDefined();
    expect(requests).toEqual([]);
  });

  test('refusals name what would do', async () => {
    const { call } = build();
    expect((await call('DELETE', `${SERVER}?api-version=2024-12-30`)).headers.allow).toBe('GET, HEAD, PUT');
    expect((await call('GET', `${SERVER}?api-version=2099-01-01`)).json.error.message).toBe(
      "No registered resource provider found for location '' and API version '2099-01-01' for type 'flexibleServers'. " +
        "The supported api-versions are '2021-05-01, 2024-12-30'. The supported locations are 'westeurope, northeurope'.",
    );
  });
});

describe('who may', () => {
  test('without a token nothing is told but how to get in', async () => {
    const { call, asked } = build();
    const answer = await call('GET', '/nothing', { headers: { authorization: '' } });
    expect(answer).toMatchObject({ status: 401, json: { error: { code: 'AuthenticationFailed' } } });
    expect(answer.headers['www-authenticate']).toContain('Bearer');
    expect(asked).toEqual([]);
  });

  test('an action is judged at the resource that it is done to', async () => {
    const { call, asked } = build();
    await call('POST', `${SERVER}/start?api-version=2024-12-30`);
    expect(asked).toEqual([{ action: 'Microsoft.DBforMySQL/flexibleServers/write', scope: SERVER }]);
  });

  test('who may not is refused before the body is looked at', async () => {
    const { call, requests } = build();
    const answer = await call('PUT', `${SERVER}-forbidden?api-version=2024-12-30`, { body: '{' });
    expect(answer).toMatchObject({ status: 403, json: { error: { code: 'AuthorizationFailed' } } });
    expect(requests).toEqual([]);
  });

  test.each([
    [{ host: 'evil.example' }, 421],
    [{ host: 'localhost.evil.example:8443' }, 421],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://localhost:3000' }, 200],
    [{ host: '127.0.0.1:8443' }, 200],
    [{ host: '[::1]:8443' }, 200],
  ])('with %o it is %i', async (headers, status) => {
    const { call } = build();
    expect(
      (await call('GET', `${SERVER}?api-version=2024-12-30`, { headers: headers as Record<string, string> })).status,
    ).toBe(status);
  });
});

describe('body', () => {
  const put = (body: string | Buffer, headers = {}) =>
    build().call('PUT', `${SERVER}?api-version=2024-12-30`, { body, headers });

  test('is JSON, or nothing', async () => {
    expect((await put('{"location":"westeurope"}')).json.body).toEqual({ location: 'westeurope' });
    expect((await put('', { 'content-type': 'text/plain' })).status).toBe(200);
    expect((await put('{}', { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200);
  });

  test.each([
    ['{\n "pw": hunter2hunter2hunter2hunter2hunter2hunter2}', 2, 8],
    ['{"a":1,}', 1, 8],
    ['{"a":"b', 1, 8],
    ['{"a":1}}', 1, 8],
    ['nope', 1, 2],
    ['[1,', 1, 4],
  ])('%j is refused at line %i, position %i, without a word of it', async (body, line, position) => {
    const { status, json } = await put(body);
    expect({ status, code: json.error.code }).toEqual({ status: 400, code: 'InvalidRequestContent' });
    expect(json.error.message).toContain(`line ${line}, position ${position}.`);
    expect(json.error.message).not.toContain('hunter2');
  });

  test('that is nested without end is refused for that', async () => {
    const { status, json } = await put('['.repeat(100_000) + ']'.repeat(100_000));
    expect({ status, code: json.error.code }).toEqual({ status: 400, code: 'InvalidRequestContent' });
    expect(json.error.message).toContain('nested too deeply');
  });

  test.each([
    ['text/plain', '{}', 415, 'UnsupportedMediaType'],
    ['application/json; charset=utf-16', '{}', 415, 'UnsupportedMediaType'],
    ['nonsense', '{}', 415, 'UnsupportedMediaType'],
    ['application/json', '{"__proto__":{"a":1}}', 400, 'InvalidRequestContent'],
    ['application/json', Buffer.from([0x22, 0xff, 0x22]), 400, 'InvalidRequestContent'],
    ['application/json', `"${'x'.repeat(4 * 1024 * 1024)}"`, 413, 'RequestEntityTooLarge'],
  ])('of type %s is refused', async (type, body, status, code) => {
    expect(await put(body, { 'content-type': type })).toMatchObject({ status, json: { error: { code } } });
  });

  test('that was packed is refused in words, not taken for a fault in its text', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect(await put(gzipSync('{}'), headers)).toMatchObject({
      status: 415,
      json: { error: { code: 'UnsupportedMediaType', message: expect.stringContaining("'gzip'") } },
    });
  });
});

describe('over a connection of its own', () => {
  /** Sends these bytes and hears the other side out. */
  async function converse(...pieces: (string | Buffer)[]): Promise<{ head: string; code: string }> {
    const { app } = build();
    await app.listen({ port: 0, host: '127.0.0.1' });
    try {
      const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
      for (const piece of pieces) socket.write(piece);
      const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
      return { head, code: JSON.parse(body).error.code };
    } finally {
      await app.close();
    }
  }
  const to = (target: string, ...headers: string[]) =>
    [`PUT ${target} HTTP/1.1`, 'Host: localhost', 'Authorization: Bearer good', ...headers, '', ''].join('\r\n');

  test.each([
    ['no HTTP', 'HELLO\r\n\r\n', 400, 'InvalidRequest'],
    ['an address that is not percent-encoded', to(`${SERVER}-ü`), 400, 'InvalidRequest'],
    ['a length that is no number', to(SERVER, 'Content-Length: abc'), 400, 'InvalidRequest'],
    ['a header without end', to(SERVER, `X-Long: ${'x'.repeat(20_000)}`), 431, 'RequestHeaderFieldsTooLarge'],
    ['an address without end', to(`${SERVER}?x=${'x'.repeat(20_000)}`), 431, 'RequestHeaderFieldsTooLarge'],
  ])('%s is refused as ARM does', async (_, request, status, code) => {
    const answer = await converse(request);
    expect(answer.head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.code).toBe(code);
  });

  test('who sends far too much hears that, and not a broken pipe', async () => {
    const body = Buffer.alloc(24 * 1024 * 1024, ' ');
    const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`];
    const answer = await converse(to(`${SERVER}?api-version=2024-12-30`, ...headers), body);
    expect(answer).toMatchObject({ head: expect.stringMatching(/^HTTP\/1.1 413 /), code: 'RequestEntityTooLarge' });
  });
});

test('too many requests are told when to come back, and reads and writes are counted apart', async () => {
  let now = 0;
  const slow = { burst: 1, perSecond: 0.5 };
  const { call } = build({ rateLimits: { reads: slow, writes: slow, deletes: slow }, clock: { now: () => now } });
  const get = () => call('GET', `${SERVER}?api-version=2024-12-30`);
  expect((await get()).status).toBe(200);
  const refused = await get();
  expect(refused).toMatchObject({ status: 429, json: { error: { code: 'SubscriptionRequestsThrottled' } } });
  expect(refused.headers['retry-after']).toBe('2');
  expect((await call('POST', `${SERVER}/start?api-version=2024-12-30`)).status).toBe(202);
  now += 2000;
  expect((await get()).status).toBe(200);
});

test('a subscription that is not there has no limits to keep', async () => {
  const none = { burst: 0, perSecond: 1 };
  const { call } = build({ rateLimits: { reads: none, writes: none, deletes: none } });
  const elsewhere = SERVER.replace(SUBSCRIPTION, '99999999-2222-3333-4444-555555555555');
  expect((await call('GET', `${elsewhere}?api-version=2024-12-30`)).status).toBe(404);
});

test('a fault of ours says its request id and nothing else; the log has it', async () => {
  const { call, lines } = build();
  const { status, json, text, headers } = await call('POST', `${SERVER}/fail?api-version=2024-12-30`, {
    body: '{"pw":"hunter2"}',
  });
  expect(status).toBe(500);
  expect(json.error.code).toBe('InternalServerError');
  expect(json.error.message).toContain(headers['x-ms-request-id']);
  expect(text).not.toContain('secret-inside');
  expect(lines.join()).toContain('secret-inside');
  expect(lines.join()).not.toMatch(/hunter2|Bearer good/);
});

describe('a lock', () => {
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/Shop`;
  const locked = (level: 'CanNotDelete' | 'ReadOnly') =>
    build({ locksAround: () => [{ scope: SERVER, level }] }, [
      '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.DBforMySQL/flexibleServers/{serverName}',
      '/subscriptions/{subscriptionId}/resourcegroups/{name}',
      '/{scope}/providers/Microsoft.Authorization/locks/{name}',
    ]);
  const version = '?api-version=2024-12-30';

  test.each<['CanNotDelete' | 'ReadOnly', string, string, string | undefined]>([
    ['CanNotDelete', 'GET', SERVER, undefined],
    ['CanNotDelete', 'PUT', SERVER, undefined],
    ['CanNotDelete', 'POST', `${SERVER}/start`, undefined],
    ['CanNotDelete', 'DELETE', SERVER.toLowerCase(), 'delete'],
    ['CanNotDelete', 'DELETE', group, 'delete'],
    ['CanNotDelete', 'DELETE', `${SERVER}/providers/Microsoft.Authorization/locks/keep`, undefined],
    ['ReadOnly', 'GET', SERVER, undefined],
    ['ReadOnly', 'PUT', SERVER, 'write'],
    ['ReadOnly', 'POST', `${SERVER}/start`, 'write'],
    ['ReadOnly', 'POST', `//${SERVER.slice(1)}//start`, 'write'],
    ['ReadOnly', 'DELETE', group, 'delete'],
  ])('of level %s and %s %s', async (level, method, path, refused) => {
    const { call, requests } = locked(level);
    const answer = await call(method, `${path}${version}`, method === 'PUT' ? { body: '{}' } : {});
    if (!refused) return expect(answer.status).toBeLessThan(300);
    expect(answer).toMatchObject({ status: 409, json: { error: { code: 'ScopeLocked' } } });
    expect(answer.json.error.message).toContain(
      `cannot perform ${refused} operation because following scope(s) are locked: '${SERVER}'`,
    );
    expect(requests).toEqual([]);
  });
});
