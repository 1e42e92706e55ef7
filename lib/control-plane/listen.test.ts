import fastify from 'fastify';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listenOnLocalhost } from './listen.ts';

test.each(['127.0.0.1', '::1'])('a port that somebody has on %s is told of with what to do', async (host) => {
  const other = createServer().listen({ host, port: 0 });
  // Where there is no IPv6, nobody can have it.
  const isThere = await once(other, 'listening').then(
    () => true,
    () => false,
  );
  if (!isThere && host === '::1') return;
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const app = fastify();
  onTestFinished(() => app.close());
  await expect(listenOnLocalhost(app, port, 'FLEXDECK_ARM_PORT')).rejects.toThrow(
    `Port ${port} is taken, perhaps by another Flexdeck. Stop that, or set FLEXDECK_ARM_PORT to another port.`,
  );
});
