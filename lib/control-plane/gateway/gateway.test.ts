import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConnectionRecord } from './connection-events.ts';
import { Gateway } from './gateway.ts';
import type { Front } from './protocol.ts';
import {
  fakeMysqld,
  front,
  greeting,
  ownAddress,
  plainLogin,
  RawClient,
  rule,
  sslRequest,
  type FakeMysqld,
} from './testing.ts';

let gateway: Gateway;
let mysqld: FakeMysqld;
let address: string;
let version = 0;
const clients: RawClient[] = [];

beforeEach(async () => {
  gateway = new Gateway({ clock: { now: () => 1_700_000_000_000 }, log: () => {} });
  mysqld = await fakeMysqld();
  address = ownAddress();
});

afterEach(async () => {
  vi.useRealTimers();
  for (const client of clients.splice(0)) client.close();
  gateway.close();
  await mysqld[Symbol.asyncDispose]();
});

/** Looks often, since most is there at once, and for long, on a machine that may have much else to do. */
function soon(look: () => void): Promise<void> {
  return vi.waitFor(look, { timeout: 15_000, interval: 5 });
}

function apply(...fronts: Front[]) {
  version += 1;
  return gateway.apply({ version, epoch: 0, fronts });
}

function client(options?: { from?: string; paused?: boolean; stubborn?: boolean; address?: string }): RawClient {
  const made = new RawClient(options?.address ?? address, options);
  clients.push(made);
  return made;
}

/** A client that has got through the handshake. */
async function session(from: string): Promise<RawClient> {
  const made = client({ from });
  made.send(sslRequest());
  const echo = sslRequest();
  // Hundreds of them begin at once: each look is a cheap one.
  await soon(() => {
    if (!made.received.subarray(-echo.length).equals(echo)) throw new Error('It has not got through the handshake.');
  });
  return made;
}

const open = () => front({ address, backend: mysqld.socketPath });

/** The packet's sequence number, errno and the rest. */
function readError(bytes: Buffer) {
  expect(bytes.length).toBe(4 + bytes.readUIntLE(0, 3));
  expect(bytes[4]).toBe(0xff);
  return { sequence: bytes[3], errno: bytes.readUInt16LE(5), text: bytes.subarray(7).toString() };
}

describe('who gets in', () => {
  test('an allowed client reaches mysqld, and what both say arrives as it is', async () => {
    await apply(open());
    const one = await session('127.0.0.7');
    one.send(Buffer.from('hello'));
    await soon(() => expect(one.received).toEqual(Buffer.concat([greeting(1), sslRequest(), Buffer.from('hello')])));
    expect(gateway.sessions()).toEqual([
      {
        serverId: 'server-1',
        address,
        port: 3306,
        clientAddress: '127.0.0.7',
        clientPort: one.socket.localPort,
        since: 1_700_000_000_000,
        bytesIn: 36 + 5,
        bytesOut: greeting(1).length + 36 + 5,
        connectionId: 1,
        state: 'open',
      },
    ]);
  });

  test('any other is told so in Azure’s words, and the connection ends cleanly even when it was talking', async () => {
    await apply({ ...open(), rules: [rule('127.0.0.1')] });
    const one = client({ from: '127.0.0.2' });
    one.send(sslRequest());
    await soon(() => expect(one.ended).toBe('clean'));
    expect(readError(one.received)).toEqual({
      sequence: 0,
      errno: 9000,
      text: "Client with IP address '127.0.0.2' is not allowed to connect to this MySQL server.",
    });
    expect(mysqld.accepted()).toBe(0);
    expect(gateway.counters()[0]).toMatchObject({ refusedByFirewall: 1, opened: 0, activeSessions: 0 });
  });

  test('a stopped server says that it is', async () => {
    await apply({ ...open(), backend: null, closedReason: 'This server is starting.' });
    const one = client();
    await soon(() => expect(one.ended).toBe('clean'));
    expect(readError(one.received)).toEqual({ sequence: 0, errno: 1053, text: 'This server is starting.' });
  });

  test('a server that does not answer is told from one that is stopped', async () => {
    await apply({ ...open(), backend: '/nowhere/mysqld' });
    const one = client();
    await soon(() => expect(one.ended).toBe('clean'));
    expect(readError(one.received)).toMatchObject({ sequence: 0, errno: 2003 });
    await soon(() => expect(gateway.counters()[0]).toMatchObject({ backendFailures: 1, activeSessions: 0 }));
  });

  test.each([[{ claimsTls: false }], [{ claimsTls: true }]])(
    'a login in the clear goes no further: %o',
    async (login) => {
      await apply(open());
      const one = client();
      one.send(plainLogin(login));
      await soon(() => expect(one.ended).toBe('clean'));
      expect(one.received.subarray(0, greeting(1).length)).toEqual(greeting(1));
      expect(readError(one.received.subarray(greeting(1).length))).toEqual({
        sequence: 2,
        errno: 3159,
        text: '#HY000Connections using insecure transport are prohibited while --require_secure_transport=ON.',
      });
      await soon(() => expect(gateway.sessions()).toEqual([]));
      expect(gateway.counters()[0]).toMatchObject({ refusedInsecure: 1, opened: 0 });
    },
  );

  test('a login in the clear gets through where the server does not require TLS', async () => {
    await apply({ ...open(), requireSecureTransport: false });
    const one = client();
    one.send(plainLogin());
    await soon(() => expect(one.received).toEqual(Buffer.concat([greeting(1), plainLogin()])));
  });

  test('who finds as many sessions as there may be is told so, until one ends', async () => {
    await apply({ ...open(), maxSessions: 1 });
    const first = await session('127.0.0.2');
    const second = client({ from: '127.0.0.3' });
    await vi.waitFor(() => expect(second.ended).toBe('clean'));
    expect(readError(second.received)).toEqual({ sequence: 0, errno: 1040, text: 'Too many connections' });
    expect(gateway.counters()[0]).toMatchObject({ refusedFull: 1, activeSessions: 1 });
    first.socket.destroy();
    await vi.waitFor(() => expect(gateway.sessions()).toEqual([]));
    await session('127.0.0.3');
  });

  test('the first packets may come byte by byte', async () => {
    await mysqld[Symbol.asyncDispose]();
    mysqld = await fakeMysqld((socket) => {
      void drip(socket, greeting(77)).then(() => socket.pipe(socket));
    });
    await apply(open());
    const one = client();
    await drip(one.socket, sslRequest());
    await soon(() => expect(one.received).toEqual(Buffer.concat([greeting(77), sslRequest()])));
    expect(gateway.sessions()).toMatchObject([{ connectionId: 77, state: 'open' }]);
  });

  test('who says nothing for ten seconds is dropped, on both ends; who did stays', async () => {
    await apply(open());
    const quick = await session('127.0.0.2');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const slow = client();
    await until(() => slow.received.length > 0);
    slow.send(sslRequest().subarray(0, 5));
    await until(() => gateway.sessions()[1]?.bytesIn === 5);
    const inTime = client({ from: '127.0.0.3' });
    inTime.send(sslRequest());
    await until(() => gateway.sessions()[2]?.state === 'open');
    vi.advanceTimersByTime(9_999);
    await until(() => true);
    expect(slow.ended).toBeUndefined();
    vi.advanceTimersByTime(1);
    await until(() => slow.ended !== undefined && mysqld.sockets.length === 2);
    expect([quick.ended, inTime.ended]).toEqual([undefined, undefined]);
    expect(gateway.counters()[0]).toMatchObject({ handshakeTimeouts: 1, activeSessions: 2 });
  });

  test('who is refused and does not hang up is dropped after a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await apply({ ...open(), rules: [] });
    const one = client({ stubborn: true });
    await until(() => one.ended === 'clean');
    vi.advanceTimersByTime(5_000);
    let closed = false;
    one.socket.on('close', () => (closed = true));
    await until(() => {
      one.send(Buffer.from('?'));
      return closed;
    });
  });
});

describe('what passes', () => {
  test('megabytes pass whole and in order, though the reader is slow', async () => {
    const megabytes = Buffer.alloc(24 * 1024 * 1024, 'abcdefghijklmnopqrstuvwxyz0123456789!');
    await apply(open());
    const one = client({ paused: true });
    one.send(sslRequest());
    one.send(megabytes);
    // Everything on the way is full: nobody keeps the rest in memory.
    await soon(() => expect(mysqld.sockets[0]?.isPaused()).toBe(true));
    expect(one.socket.writableLength).toBeGreaterThan(0);
    const parts: Buffer[] = [];
    let length = 0;
    one.socket.on('data', (bytes) => {
      parts.push(bytes);
      length += bytes.length;
    });
    const before = greeting(1).length + sslRequest().length;
    await soon(() => expect(length).toBe(before + megabytes.length));
    expect(Buffer.concat(parts).subarray(before).equals(megabytes)).toBe(true);
    expect(gateway.counters()[0]?.bytesIn).toBe(megabytes.length + 36);
  });

  test('what mysqld sends after the client has said its last still arrives', async () => {
    await apply(open());
    const one = await session('127.0.0.1');
    mysqld.sockets[0]?.unpipe();
    const last = once(mysqld.sockets[0]!, 'end');
    one.socket.end();
    await last;
    mysqld.sockets[0]?.end('the end');
    await soon(() => expect(one.ended).toBe('clean'));
    expect(one.received.subarray(-7).toString()).toBe('the end');
    await soon(() => expect(gateway.sessions()).toEqual([]));
  });

  test('the end of either side ends the other', async () => {
    await apply(open());
    const [one, two] = [await session('127.0.0.1'), await session('127.0.0.1')];
    one.socket.resetAndDestroy();
    await soon(() => expect(mysqld.sockets).toHaveLength(1));
    mysqld.sockets[0]?.destroy();
    await soon(() => expect(two.ended).toBe('clean'));
    await soon(() => expect(gateway.sessions()).toEqual([]));
  });

  test('hundreds of sessions at once are kept apart', { timeout: 30_000 }, async () => {
    await apply(open());
    const many = await Promise.all(Array.from({ length: 300 }, (_, index) => session(`127.0.1.${index % 250}`)));
    many.forEach((one, index) => one.send(Buffer.from(`<${index}>`)));
    await soon(() =>
      many.forEach((one, index) => expect(one.received.toString('latin1')).toMatch(new RegExp(`<${index}>$`))),
    );
    expect(new Set(gateway.sessions().map(({ connectionId }) => connectionId)).size).toBe(300);
    many.forEach((one) => one.close());
    await soon(() => expect(gateway.counters()[0]).toMatchObject({ activeSessions: 0, opened: 300 }));
    expect(mysqld.sockets).toEqual([]);
  });
});

describe('what changes', () => {
  test('a removed rule cuts the sessions that it let in, at once, and no other', async () => {
    await apply({ ...open(), rules: [rule('127.0.0.1'), rule('127.0.0.2')] });
    const [one, two] = [await session('127.0.0.1'), await session('127.0.0.2')];
    expect(await apply({ ...open(), rules: [rule('127.0.0.1')] })).toMatchObject({ applied: true, cut: 1 });
    await soon(() => expect(two.ended).toBeDefined());
    await soon(() => expect(mysqld.sockets).toHaveLength(1));
    one.send(Buffer.from('still here'));
    await soon(() => expect(one.received.toString('latin1')).toMatch(/still here$/));
    expect(gateway.sessions()).toMatchObject([{ clientAddress: '127.0.0.1' }]);
    const again = client({ from: '127.0.0.2' });
    await soon(() => expect(again.ended).toBe('clean'));
    expect(readError(again.received).errno).toBe(9000);
  });

  test('a rule that goes while another still allows the client cuts nobody', async () => {
    await apply({ ...open(), rules: [rule('127.0.0.1'), rule('127.0.0.0', '127.0.0.9')] });
    await session('127.0.0.1');
    expect(await apply({ ...open(), rules: [rule('127.0.0.0', '127.0.0.9')] })).toMatchObject({ cut: 0 });
  });

  test('a new primary gets all new sessions, and the old ones are cut', async () => {
    await using promoted = await fakeMysqld();
    await apply(open());
    const one = await session('127.0.0.1');
    expect(await apply({ ...open(), backend: promoted.socketPath, epoch: 2 })).toMatchObject({ cut: 1 });
    await soon(() => expect(one.ended).toBeDefined());
    await session('127.0.0.1');
    expect([mysqld.accepted(), promoted.accepted()]).toEqual([1, 1]);
  });

  test('an older epoch does not bring the old primary back', async () => {
    await using promoted = await fakeMysqld();
    await apply({ ...open(), backend: promoted.socketPath, epoch: 2 });
    const result = await apply({ ...open(), epoch: 1 });
    expect(result.fronts).toMatchObject([{ epoch: 2 }]);
    await session('127.0.0.1');
    expect([mysqld.accepted(), promoted.accepted()]).toEqual([0, 1]);
  });

  test('an older table is ignored: first by epoch, then by version', async () => {
    await gateway.apply({ epoch: 5, version: 7, fronts: [open()] });
    const one = await session('127.0.0.1');
    for (const older of [
      { epoch: 5, version: 6 },
      { epoch: 4, version: 99 },
    ]) {
      expect(await gateway.apply({ ...older, fronts: [] })).toMatchObject({ applied: false, epoch: 5, version: 7 });
    }
    expect(gateway.sessions()).toHaveLength(1);
    expect(await gateway.apply({ epoch: 6, version: 0, fronts: [] })).toMatchObject({
      applied: true,
      cut: 1,
      fronts: [],
    });
    await soon(() => expect(one.ended).toBeDefined());
    const refused = client();
    await soon(() => expect(refused.ended).toBe('ECONNREFUSED'));
  });

  test('cutting one server leaves the others alone', async () => {
    const other = ownAddress();
    await apply(open(), { ...open(), serverId: 'server-2', address: other });
    const one = await session('127.0.0.1');
    const two = client({ address: other });
    await soon(() => expect(gateway.sessions()).toHaveLength(2));
    expect(gateway.cut('server-2')).toBe(1);
    await soon(() => expect(two.ended).toBeDefined());
    expect(one.ended).toBeUndefined();
    expect(gateway.counters('server-2')).toMatchObject([{ cut: 1, activeSessions: 0 }]);
  });

  test('an address that is taken is told, and listened on as soon as it is free', async () => {
    const squatter = createServer().listen(3306, address);
    await once(squatter, 'listening');
    expect((await apply(open())).fronts).toMatchObject([{ listening: false, listenError: 'EADDRINUSE' }]);
    squatter.close();
    await soon(() => expect(gateway.counters()).toMatchObject([{ listening: true }]));
    await session('127.0.0.1');
  });

  test('an address may pass from one server to another in one table', async () => {
    await apply(open());
    const one = await session('127.0.0.1');
    expect(await apply({ ...open(), serverId: 'server-2' })).toMatchObject({ cut: 1, fronts: [{ listening: true }] });
    await soon(() => expect(one.ended).toBeDefined());
    await session('127.0.0.1');
    expect(gateway.sessions()).toMatchObject([{ serverId: 'server-2' }]);
  });
});

async function drip(socket: { write: (bytes: Uint8Array, done: () => void) => void }, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    await new Promise<void>((resolve) => socket.write(Buffer.from([byte]), resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Waits by turns of the event loop, for tests that hold the timers. */
async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => setImmediate(resolve));
  const end = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('It did not happen.');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('while the primary is being changed', () => {
  test('what sessions say waits, and goes on when it is not changed after all', async () => {
    await apply(open());
    const one = await session('127.0.0.7');
    await apply({ ...open(), hold: true });
    one.send(Buffer.from('later'));
    const other = client();
    await soon(() => expect(other.socket.connecting).toBe(false));
    expect(mysqld.accepted()).toBe(1);
    expect(one.received.includes('later')).toBe(false);

    await apply(open());
    await soon(() => expect(one.received.includes('later')).toBe(true));
    await soon(() => expect(other.received).toEqual(greeting(2)));
    expect(one.ended).toBeUndefined();
  });

  test('what waits for a slow mysqld at that time is not overwritten', async () => {
    const parts = Buffer.alloc(8 * 1024 * 1024);
    for (let at = 0; at < parts.length; at += 4) parts.writeUInt32LE(at, at);
    await apply(open());
    const one = client({ paused: true });
    one.send(sslRequest());
    one.send(parts);
    await soon(() => expect(mysqld.sockets[0]?.isPaused()).toBe(true));
    await apply({ ...open(), hold: true });
    await apply(open());
    one.collect();
    const before = greeting(1).length + sslRequest().length;
    await soon(() => expect(one.received.length).toBe(before + parts.length));
    expect(one.received.subarray(before).equals(parts)).toBe(true);
  }, 20_000);

  test('clients that come wait for the new primary, and sessions with the old one end', async () => {
    await using next = await fakeMysqld();
    await apply(open());
    const one = await session('127.0.0.7');
    await apply({ ...open(), backend: null, hold: true });
    const other = client();
    await soon(() => expect(one.ended).toBeDefined());
    expect(other.received).toHaveLength(0);

    await apply(front({ address, backend: next.socketPath, epoch: 2 }));
    await soon(() => expect(other.received).toEqual(greeting(1)));
    expect(next.accepted()).toBe(1);
  });

  test('who waits for too long is told why', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await apply({ ...open(), backend: null, hold: true, closedReason: 'It is failing over.' });
    const one = client();
    await soon(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
    await vi.advanceTimersByTimeAsync(10_000);
    await soon(() => expect(readError(one.received).text).toContain('It is failing over.'));
  });
});

describe('the way of standbys', () => {
  const way = (admitUser: number) => ({ ...open(), rules: [], admitUser });

  test('lets in programs of that user, without a rule', async () => {
    await apply(way(process.getuid!()));
    const one = client();
    await soon(() => expect(one.received).toEqual(greeting(1)));
  });

  test('lets in nobody else’s', async () => {
    await apply(way(process.getuid!() + 1));
    const one = client();
    await soon(() => expect(readError(one.received).errno).toBe(9000));
    expect(mysqld.accepted()).toBe(0);
  });
});

describe('the record of connections', () => {
  const told = (after = 0) =>
    gateway.connections
      .since(after, Number.POSITIVE_INFINITY)
      .events.map(({ kind, reason, connectionId, clientAddress }) => [kind, reason, connectionId, clientAddress]);

  test('has who came and went, and who was refused and why', async () => {
    await apply({ ...open(), rules: [rule('127.0.0.7')] });
    const one = await session('127.0.0.7');
    const refused = client({ from: '127.0.0.8' });
    await soon(() => expect(refused.received.length).toBeGreaterThan(0));
    const plain = client({ from: '127.0.0.7' });
    plain.send(plainLogin());
    await soon(() => expect(told()).toHaveLength(3));
    one.close();
    await soon(() => expect(told()).toHaveLength(4));
    const other = await session('127.0.0.7');
    await apply({ ...open(), rules: [] });
    await soon(() => expect(told()).toHaveLength(6));
    expect(other.received.length).toBeGreaterThan(0);
    await apply({ ...open(), backend: null });
    client({ from: '127.0.0.7' });
    await soon(() => expect(told()).toHaveLength(7));
    expect(told()).toEqual([
      ['connected', undefined, 1, '127.0.0.7'],
      ['refused', 'firewall', null, '127.0.0.8'],
      ['refused', 'insecureTransport', 2, '127.0.0.7'],
      ['disconnected', undefined, 1, '127.0.0.7'],
      ['connected', undefined, 3, '127.0.0.7'],
      ['disconnected', 'cut', 3, '127.0.0.7'],
      ['refused', 'closed', null, '127.0.0.7'],
    ]);
    expect(told(5)).toHaveLength(2);
  });

  test('has nothing of Flexdeck’s own sessions with standbys', async () => {
    await apply({ ...open(), rules: [], admitUser: process.getuid!() });
    await session('127.0.0.7');
    expect(told()).toEqual([]);
  });

  test('forgets the oldest, and says how many', () => {
    const record = new ConnectionRecord(10);
    const event = { serverId: 's', clientAddress: '', clientPort: 1, kind: 'refused', connectionId: null } as const;
    for (let at = 1; at <= 100; at++) record.record({ ...event, at });
    const { events, last, missed } = record.since(20, 95);
    expect({ first: events[0]!.sequence, last, missed }).toEqual({ first: 91, last: 95, missed: 70 });
    // Where nobody asked before, nothing is told.
    expect(record.since(undefined, 100)).toEqual({ events: [], last: 100, missed: 0 });
    expect(record.since(95, 95)).toEqual({ events: [], last: 95, missed: 0 });
    // One that asks after more than there ever was (of a gateway before) loses nothing by it.
    expect(record.since(100, 200)).toEqual({ events: [], last: 100, missed: 0 });
  });
});
