import fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { randomUUID } from 'node:crypto';
import { ArmError } from '../../arm/error.ts';
import type { Clock } from '../clock.ts';
import type { ArmRoute, Authorizer, Principal } from '../resources/route.ts';
import { BODY_LIMIT_BYTES, parseBody } from './body.ts';
import { checkHostAndOrigin, header, originOf, setContextHeaders } from './context.ts';
import { answerError, answerFailure, answerUnreadable } from './errors.ts';
import { findRoute } from './find-route.ts';
import { requireUnlocked, type LocksAround } from './locks.ts';
import { createRouteTable, segmentsOf, type RouteMatch } from './route-table.ts';
import { scopeOf } from './scope.ts';
import { ARM_RATE_LIMITS, createThrottle, kindOf, type RateLimit, type RequestKind } from './throttle.ts';

export interface HttpOptions {
  routes: readonly ArmRoute[];
  /** Who calls, from the `Authorization` header and the origin under which ARM was reached. */
  authenticate(authorization: string | undefined, armOrigin: string): Promise<Principal>;
  authorizer: Authorizer;
  subscriptionExists(subscriptionId: string): boolean;
  locksAround: LocksAround;
  /** Short names (`westeurope`) that the providers serve: named when an api-version is refused. */
  locations: readonly string[];
  portalOrigin: string;
  clock: Clock;
  log: FastifyBaseLogger;
  /** ARM is https; without a certificate (tests that inject) it is plain. PEM. */
  tls?: { key: string; cert: string };
  /** What answers without a token on the same port: the authority's endpoints, `/metadata/endpoints`. */
  openEndpoints?: readonly ((app: FastifyInstance) => Promise<void>)[];
  rateLimits?: Record<RequestKind, RateLimit>;
}

/** What the steps of the pipeline learn about a request, each from those before it. */
interface Progress {
  correlationId: string;
  path: string;
  segments: string[];
  query: Record<string, string>;
  match: RouteMatch & { apiVersion: string };
  principal: Principal;
}

/** ARM's endpoint, not listening yet: see `listenOnLocalhost`. */
export function buildHttp(options: HttpOptions): FastifyInstance {
  const { authorizer, clock, portalOrigin } = options;
  const table = createRouteTable(options.routes);
  const throttle = createThrottle(clock, options.rateLimits ?? ARM_RATE_LIMITS);
  const underway = new WeakMap<FastifyRequest, Progress>();
  const progressOf = (request: FastifyRequest) => underway.get(request)!;

  const app = fastify({
    ...(options.tls ? { https: options.tls } : {}),
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    forceCloseConnections: true,
    bodyLimit: BODY_LIMIT_BYTES,
    exposeHeadRoutes: false,
    clientErrorHandler: answerUnreadable,
    genReqId: () => randomUUID(),
    routerOptions: {
      caseSensitive: false,
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
      maxParamLength: 8192,
    },
    frameworkErrors: (failure, request, reply) => {
      setContextHeaders(request, reply, clock);
      void answerError(failure, request, reply);
    },
  }) as unknown as FastifyInstance;

  app.setErrorHandler(answerFailure);
  app.addHook('onRequest', async function context(request, reply) {
    const correlationId = setContextHeaders(request, reply, clock);
    underway.set(request, { correlationId } as Progress);
  });
  app.addHook('onRequest', async (request) => checkHostAndOrigin(request, portalOrigin));
  app.addHook('onResponse', async (request, reply) => logResponse(request, reply, underway.get(request)));
  app.setNotFoundHandler(async (request) => {
    throw new ArmError('MethodNotAllowed', 405, `The http method '${request.method}' is not supported.`);
  });

  for (const endpoints of options.openEndpoints ?? []) app.register(endpoints);

  app.register(async (arm) => {
    arm.addHook('onRequest', async function authenticate(request) {
      progressOf(request).principal = await options.authenticate(request.headers.authorization, originOf(request));
    });

    arm.addHook('onRequest', async function route(request) {
      const [path = '/', search = ''] = request.url.split(/\?(.*)/s);
      const segments = segmentsOf(path);
      const { apiVersion, query } = readQuery(search);
      const match = findRoute(table, { method: request.method, path, segments, apiVersion }, options.locations);
      Object.assign(progressOf(request), { path, segments, query, match });
    });

    arm.addHook('onRequest', async function subscription(request) {
      // Before the limits: they remember each subscription that they are asked about.
      const subscriptionId = subscriptionIn(progressOf(request).segments);
      if (subscriptionId !== undefined) requireSubscription(subscriptionId, options.subscriptionExists);
    });

    arm.addHook('onRequest', async function limit(request, reply) {
      const { segments, principal } = progressOf(request);
      const subscriptionId = subscriptionIn(segments);
      const kind = kindOf(request.method);
      const left = throttle(principal.objectId, subscriptionId ?? '', kind);
      reply.header(
        `x-ms-ratelimit-remaining-${subscriptionId === undefined ? 'tenant' : 'subscription'}-${kind}`,
        String(left),
      );
    });

    arm.addHook('onRequest', async function authorize(request) {
      const { match, principal, segments } = progressOf(request);
      if (match.route.action !== null) authorizer.require(principal, match.route.action, scopeOf(segments));
    });

    arm.addHook('onRequest', async function lock(request) {
      requireUnlocked(options.locksAround, request.method, progressOf(request).segments);
    });

    arm.removeAllContentTypeParsers();
    arm.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes));

    arm.all('/*', async function handle(request, reply) {
      const { correlationId, query, match, principal } = progressOf(request);
      const ifMatch = header(request, 'if-match');
      const ifNoneMatch = header(request, 'if-none-match');
      const response = await match.route.handle({
        params: match.params,
        query,
        body: takesBody(request.method)
          ? parseBody(
              {
                contentType: header(request, 'content-type'),
                contentEncoding: header(request, 'content-encoding'),
              },
              request.body as Buffer | undefined,
            )
          : undefined,
        apiVersion: match.apiVersion,
        principal,
        correlationId,
        requestId: request.id,
        clientAddress: request.ip.replace(/^::ffff:/, ''),
        url: request.url,
        origin: originOf(request),
        headers: { ...(ifMatch && { ifMatch }), ...(ifNoneMatch && { ifNoneMatch }) },
      });
      reply.code(response.status).headers(response.headers ?? {});
      const json = response.json ?? (response.body === undefined ? undefined : JSON.stringify(response.body));
      if (json === undefined) return reply.send();
      return reply.type('application/json; charset=utf-8').send(json);
    });
  });
  return app;
}

function takesBody(method: string): boolean {
  return method === 'PUT' || method === 'PATCH' || method === 'POST';
}

/** `api-version` in any letters, as ARM takes it; the first of a name that comes twice. */
function readQuery(search: string): { apiVersion: string | undefined; query: Record<string, string> } {
  const query: Record<string, string> = {};
  let apiVersion: string | undefined;
  for (const [name, value] of new URLSearchParams(search)) {
    if (name.toLowerCase() === 'api-version') apiVersion ??= value;
    else if (!Object.hasOwn(query, name)) query[name] = value;
  }
  return { apiVersion, query };
}

function subscriptionIn(segments: readonly string[]): string | undefined {
  return segments[0]?.toLowerCase() === 'subscriptions' ? segments[1] : undefined;
}

/** @throws {ArmError} InvalidSubscriptionId 400, SubscriptionNotFound 404. */
function requireSubscription(subscriptionId: string, exists: HttpOptions['subscriptionExists']): void {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subscriptionId)) {
    throw new ArmError(
      'InvalidSubscriptionId',
      400,
      `The provided subscription identifier '${subscriptionId}' is malformed or invalid.`,
    );
  }
  if (exists(subscriptionId)) return;
  throw new ArmError('SubscriptionNotFound', 404, `The subscription '${subscriptionId}' could not be found.`);
}

/** One line a request; no header, no body and no query, since those may hold secrets. */
function logResponse(request: FastifyRequest, reply: FastifyReply, progress: Progress | undefined): void {
  request.log.info(
    {
      method: request.method,
      path: request.url.split('?')[0],
      operation: progress?.match?.route.operationId,
      principal: progress?.principal?.name,
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
    },
    'answered',
  );
}
