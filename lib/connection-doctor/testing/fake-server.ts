import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

const SSL_REQUEST_BYTES = 36;

function packet(payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  return Buffer.concat([header, payload]);
}

export function errorPacket(errno: number, message: string): Buffer {
  const head = Buffer.from([0xff, errno & 0xff, errno >> 8]);
  return packet(Buffer.concat([head, Buffer.from(message)]));
}

/** As mysqld greets. */
export function greetingPacket({ version = '9.7.4', offersTls = true } = {}): Buffer {
  const capabilities = Buffer.alloc(2);
  capabilities.writeUInt16LE(offersTls ? 0xffff : 0xf7ff);
  return packet(
    Buffer.concat([
      Buffer.from([10]),
      Buffer.from(`${version}\0`),
      Buffer.alloc(4 + 8 + 1),
      capabilities,
      Buffer.alloc(30),
    ]),
  );
}

export interface FakeServer extends AsyncDisposable {
  port: number;
  /** What clients sent, TLS taken off. */
  received: () => Buffer;
}

/**
 * Something that listens at 127.0.0.1: says `first`, and after the client's first packet goes on in TLS where it has a
 * certificate.
 */
export async function fakeServer({
  first,
  certificate,
  maxVersion,
}: {
  /** Null: nothing is said. */
  first: Buffer | null;
  certificate?: { certificate: string; key: string };
  maxVersion?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
}): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (first) socket.write(first);
    if (!certificate) return;
    socket.once('data', (bytes) => {
      // TLS's own first message may have come along.
      socket.pause();
      if (bytes.length > SSL_REQUEST_BYTES) socket.unshift(bytes.subarray(SSL_REQUEST_BYTES));
      const secure = new TLSSocket(socket, {
        isServer: true,
        cert: certificate.certificate,
        key: certificate.key,
        ...(maxVersion && { maxVersion, minVersion: 'TLSv1' }),
      });
      secure.on('error', () => {});
      secure.on('data', (bytes) => received.push(bytes));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    received: () => Buffer.concat(received),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
