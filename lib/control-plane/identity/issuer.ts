import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import type Provider from 'oidc-provider';
import type { Clock } from '../clock.ts';
import { closeServer, listenOn } from '../free-port.ts';
import { listenOnLocalhost } from '../listen.ts';
import type { Database } from '../store/database.ts';
import { createBrowserSession } from './browser-session.ts';
import type { IssuerKeys } from './keys.ts';
import { createProvider } from './provider.ts';
import { signInRoutes } from './sign-in-routes.ts';

export interface Issuer {
  /** `http://localhost:8444`: origin for browsers and `iss` of every token. */
  origin: string;
  close(): Promise<void>;
}

/**
 * Starts the local issuer over http on the loopback addresses that `localhost` has.
 *
 * @param options.port 0 picks a free one.
 */
export async function startIssuer(options: {
  database: Database;
  keys: IssuerKeys;
  tenantId: string;
  port: number;
  portalOrigin: string;
  clock: Clock;
  log: FastifyBaseLogger;
}): Promise<Issuer> {
  const port = options.port === 0 ? await anyFreePort() : options.port;
  const origin = `http://localhost:${port}`;
  const provider = createProvider({ ...options, issuer: origin });
  const app = buildIssuer({ ...options, provider, issuer: origin });
  await listenOnLocalhost(app, port, 'FLEXDECK_ISSUER_PORT');
  return { origin, close: () => app.close() };
}

/** The issuer's server, not listening. */
export function buildIssuer(options: {
  database: Database;
  provider: Provider;
  issuer: string;
  portalOrigin: string;
  clock: Clock;
  log: FastifyBaseLogger;
}): FastifyInstance {
  const { database, provider, issuer, log } = options;
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    bodyLimit: 65_536,
  });
  const { host, port } = new URL(issuer);
  provider.on('server_error', (_context, failure) => log.error({ err: failure }, 'issuer failed'));
  // Without a listener of ours, Koa prints to the console.
  (provider as NodeJS.EventEmitter).on('error', (failure: Error) => log.error({ err: failure }, 'issuer failed'));

  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.host === host) return;
    // Cookies and `iss` are localhost's; any other name may be a page that had its name point here.
    const isLoopback = /^(127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? '');
    if (isLoopback && request.method === 'GET') return reply.redirect(`${issuer}${request.url}`);
    return reply.code(421).type('text/plain').send(`This server answers to ${host} only.\n`);
  });

  app.register(async (pages) => signInRoutes(pages, options));

  app.register(async (protocol) => {
    const browser = createBrowserSession(database, provider, Number(port));
    const answer = provider.callback();
    // The provider reads bodies itself.
    protocol.removeAllContentTypeParsers();
    protocol.addContentTypeParser('*', (_request, _payload, done) => done(null));
    protocol.all('/*', (request, reply) => {
      if (request.url.startsWith('/session/end')) browser.forget(request.raw, reply.raw);
      reply.hijack();
      reply.raw.setHeader('x-content-type-options', 'nosniff');
      void answer(request.raw, reply.raw);
    });
  });
  return app;
}

/** Since `iss` holds the port, it must be known before anything is built. */
async function anyFreePort(): Promise<number> {
  const server = await listenOn('127.0.0.1', 0);
  if (server instanceof Error) throw server;
  const { port } = server.address() as AddressInfo;
  await closeServer(server);
  return port;
}
