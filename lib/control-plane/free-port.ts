import { createServer, type Server } from 'node:net';

/** Listens, or says why not. */
export async function listenOn(address: string, port: number): Promise<Server | NodeJS.ErrnoException> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ host: address, port, exclusive: true }, () => resolve(server));
  });
}

export async function closeServer(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}

/**
 * The first of these ports that nothing listens on.
 *
 * @param address one of this machine's.
 * @throws {Error} when all are taken.
 */
export async function freePort(address: string, candidates: Iterable<number>): Promise<number> {
  let last: Error | undefined;
  for (const port of candidates) {
    const tried = await listenOn(address, port);
    if (!(tried instanceof Error)) {
      await closeServer(tried);
      return port;
    }
    last = tried;
  }
  throw new Error(`No port is free on ${address}: ${last?.message ?? 'none was asked for'}.`, { cause: last });
}
