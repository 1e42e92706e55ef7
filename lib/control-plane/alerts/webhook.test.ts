import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { addressProblem, serviceUriProblem, type WebhookPolicy } from './receiver-address.ts';
import { callWebhook } from './webhook.ts';

const CLOSED: WebhookPolicy = { hosts: [], networks: [] };
const OPEN: WebhookPolicy = {
  hosts: ['hooks.example.com', '*.example.org'],
  networks: [{ address: '10.1.2.0', prefix: 24 }],
};
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    answer(request, response, body);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function call(
  serviceUri: string,
  more: Partial<Parameters<typeof callWebhook>[0]> = {},
  resolve?: Parameters<typeof callWebhook>[2],
) {
  const now = 1_700_000_000_000;
  return callWebhook(
    { serviceUri, body: '{"a":1}', secret: 's3cret', deliveryId: 'd1', now, ...more },
    CLOSED,
    resolve,
  );
}

describe('a webhook', () => {
  it('gets its body, signed with the time', async () => {
    const { promise, resolve } = Promise.withResolvers<{ headers: IncomingMessage['headers']; body: string }>();
    const url = await listen(({ headers }, response, body) => {
      response.writeHead(202).end();
      resolve({ headers, body });
    });
    expect(await call(`${url}/hook?x=1`)).toMatchObject({ outcome: 'delivered' });
    const { headers, body } = await promise;
    const [, time, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['x-flexdeck-signature'] as string)!;
    expect(given).toBe(createHmac('sha256', 's3cret').update(`${time}.${body}`).digest('hex'));
    expect(headers['x-flexdeck-delivery']).toBe('d1');
    expect(body).toBe('{"a":1}');
  });

  it.each([
    [200, 'delivered'],
    [302, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [408, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ] as const)('that answers %d is %s', async (status, outcome) => {
    let calls = 0;
    const url = await listen((_, response) => {
      calls += 1;
      response.writeHead(status, { location: '/elsewhere' }).end('x'.repeat(100));
    });
    expect(await call(url)).toMatchObject({ outcome });
    expect(calls).toBe(1);
  });

  it('that says nothing is left alone after its time', async () => {
    const url = await listen(() => {});
    expect(await call(url, { timeoutMs: 100 })).toMatchObject({
      outcome: 'retry',
      detail: expect.stringContaining('within'),
    });
  });

  it('that sends an endless answer is let go at its status', async () => {
    const url = await listen((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
      response.on('close', () => clearInterval(timer));
    });
    expect(await call(url)).toMatchObject({ outcome: 'delivered' });
  });

  it('that is not there is tried again', async () => {
    expect(await call('http://127.0.0.1:1')).toMatchObject({
      outcome: 'retry',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('is called at the address that was checked, whatever its name means a moment later', async () => {
    const url = new URL(
      await listen((request, response) =>
        response.writeHead(request.headers.host === `hooks.localhost:${url.port}` ? 200 : 400).end(),
      ),
    );
    let asked = 0;
    const answer = await call(`http://hooks.localhost:${url.port}/`, {}, async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
    });
    expect(answer).toMatchObject({ outcome: 'delivered' });
    expect(asked).toBe(1);
  });

  it('whose name leads inside is not called', async () => {
    for (const address of ['10.0.0.5', '127.0.0.1', '169.254.169.254', '::ffff:10.0.0.5']) {
      const answer = await callWebhook(
        { serviceUri: 'http://evil.example.net/', body: '', secret: '', deliveryId: '', now: 0 },
        { hosts: [], networks: [{ address: '192.0.2.0', prefix: 24 }] },
        async () => [{ address, family: address.includes(':') ? 6 : 4 }],
      );
      expect(answer.outcome, address).toBe('refused');
    }
  });
});

describe('where webhooks may go', () => {
  it.each([
    ['http://127.0.0.1:8080/x', CLOSED, true],
    ['http://localhost/x', CLOSED, true],
    ['http://hooks.localhost/x', CLOSED, true],
    ['http://[::1]:8080/x', CLOSED, true],
    ['http://127.83.1.1:3306/', CLOSED, false],
    ['http://0x7f530101/', CLOSED, false],
    ['http://2130706433/', CLOSED, true],
    ['http://10.1.2.3/', CLOSED, false],
    ['http://10.1.2.3/', OPEN, true],
    ['http://10.1.3.3/', OPEN, false],
    ['http://[::ffff:10.1.3.3]/', OPEN, false],
    ['https://hooks.example.com/a', CLOSED, false],
    ['https://hooks.example.com/a', OPEN, true],
    ['https://a.b.example.org/', OPEN, true],
    ['http://169.254.169.254/latest/meta-data', OPEN, false],
    ['ftp://127.0.0.1/', CLOSED, false],
    ['file:///etc/passwd', CLOSED, false],
    ['http://user:secret@127.0.0.1/', CLOSED, false],
    ['nonsense', CLOSED, false],
  ])('%s', (uri, policy, allowed) => {
    expect(serviceUriProblem(uri, policy) === undefined).toBe(allowed);
  });

  it('is judged by the address, too', () => {
    expect(addressProblem({ address: '203.0.113.9', family: 4 }, 'hooks.example.com', OPEN)).toBeUndefined();
    expect(addressProblem({ address: '203.0.113.9', family: 4 }, 'other.example.com', OPEN)).toBeDefined();
    expect(addressProblem({ address: '169.254.169.254', family: 4 }, 'hooks.example.com', OPEN)).toBeDefined();
    expect(addressProblem({ address: '127.83.4.5', family: 4 }, 'hooks.example.com', OPEN)).toBeDefined();
  });
});
