import type { FastifyInstance } from 'fastify';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** IPv6 is switched off, or has no loopback: then no client gets there either. */
const NO_IPV6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * Listens on 127.0.0.1 and, where there is one, on ::1: `localhost` means either, whatever /etc/hosts says.
 *
 * @param app not started yet.
 * @param port 0 picks a free one.
 * @param variable that the port was set with, for people who must choose another.
 * @param tls when `app` serves https. PEM.
 * @returns the port in force.
 * @throws {Error} when either address is taken: half of `localhost` would go to another program.
 */
export async function listenOnLocalhost(
  app: FastifyInstance,
  port: number,
  variable: string,
  tls?: { key: string; cert: string },
): Promise<number> {
  const second: Server = tls ? createHttpsServer(tls, app.routing) : createHttpServer(app.routing);
  app.addHook('onClose', async () => {
    second.closeAllConnections();
    await new Promise((resolve) => (second.listening ? second.close(resolve) : resolve(undefined)));
  });
  await app.listen({ host: '127.0.0.1', port }).catch((failure) => {
    throw inWords(failure, port, variable);
  });
  const inForce = (app.server.address() as AddressInfo).port;
  try {
    const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
    second.once('error', reject);
    second.listen({ host: '::1', port: inForce, ipv6Only: true }, resolve);
    await listening;
  } catch (failure) {
    if (NO_IPV6.has((failure as NodeJS.ErrnoException).code ?? '')) return inForce;
    await app.close();
    throw inWords(failure, inForce, variable);
  }
  return inForce;
}

function inWords(failure: unknown, port: number, variable: string): unknown {
  const { code } = failure as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new Error(
      `Port ${port} is taken, perhaps by another Flexdeck. Stop that, or set ${variable} to another port.`,
      { cause: failure },
    );
  }
  if (code !== 'EACCES') return failure;
  return new Error(`Port ${port} is not for everybody. Set ${variable} to one above 1023.`, { cause: failure });
}
