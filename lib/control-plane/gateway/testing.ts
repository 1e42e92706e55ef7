/** Servers and clients for the gateway's tests that speak just enough of MySQL's protocol, byte by byte. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FirewallRule, Front } from './protocol.ts';

let addresses = 0;

/** A loopback address that no other test listens on. */
export function ownAddress(): string {
  addresses += 1;
  return `127.${150 + ((process.pid >> 8) & 63)}.${process.pid & 255}.${addresses}`;
}

export function rule(startIp: string, endIp = startIp): FirewallRule {
  return { name: `from-${startIp}`, startIp, endIp };
}

export function front(properties: Partial<Front> & Pick<Front, 'address' | 'backend'>): Front {
  return {
    serverId: 'server-1',
    port: 3306,
    rules: [rule('127.0.0.0', '127.255.255.255')],
    epoch: 1,
    hold: false,
    requireSecureTransport: true,
    ...properties,
  };
}

/** A packet with its header. */
export function packet(sequence: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, payload]);
}

export function greeting(connectionId: number): Buffer {
  const id = Buffer.alloc(4);
  id.writeUInt32LE(connectionId);
  return packet(0, Buffer.concat([Buffer.from('\n9.7.4\0', 'latin1'), id, Buffer.alloc(50, 1)]));
}

const CLIENT_PROTOCOL_41 = 0x200;
const CLIENT_SSL = 0x800;

export function sslRequest(): Buffer {
  const payload = Buffer.alloc(32);
  payload.writeUInt32LE(CLIENT_PROTOCOL_41 | CLIENT_SSL);
  return packet(1, payload);
}

/** A login in the clear; with `claimsTls` it sets the flag without meaning it. */
export function plainLogin({ claimsTls = false } = {}): Buffer {
  const payload = Buffer.alloc(60);
  payload.writeUInt32LE(CLIENT_PROTOCOL_41 | (claimsTls ? CLIENT_SSL : 0));
  return packet(1, payload);
}

export interface FakeMysqld extends AsyncDisposable {
  socketPath: string;
  /** Connections that have not ended, oldest first. */
  sockets: Socket[];
  accepted: () => number;
}

/** Greets with connection ids from 1 up, then does as told with every connection (as a rule: sends back what comes). */
export async function fakeMysqld(
  serve: (socket: Socket, id: number) => void = (socket, id) => {
    socket.write(greeting(id));
    socket.pipe(socket);
  },
): Promise<FakeMysqld> {
  const folder = mkdtempSync(join(tmpdir(), 'fd-gw-'));
  const socketPath = join(folder, 'mysqld');
  const sockets: Socket[] = [];
  let ids = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    ids += 1;
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.splice(sockets.indexOf(socket), 1));
    serve(socket, ids);
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    socketPath,
    sockets,
    accepted: () => ids,
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A raw client that collects what it gets. */
export class RawClient {
  readonly socket: Socket;
  received = Buffer.alloc(0);
  /** How the connection ended, once it has. */
  ended: 'clean' | string | undefined;

  /** @param stubborn it does not hang up when the other side does. */
  constructor(
    address: string,
    { from, paused = false, stubborn = false }: { from?: string; paused?: boolean; stubborn?: boolean } = {},
  ) {
    this.socket = connect({ host: address, port: 3306, localAddress: from, allowHalfOpen: stubborn });
    if (!paused) this.collect();
    this.socket.on('end', () => (this.ended ??= 'clean'));
    this.socket.on('error', (error: NodeJS.ErrnoException) => (this.ended ??= error.code ?? error.message));
  }

  collect(): void {
    this.socket.on('data', (bytes) => (this.received = Buffer.concat([this.received, bytes])));
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  close(): void {
    this.socket.destroy();
  }
}
