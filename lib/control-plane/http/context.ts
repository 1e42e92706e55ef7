import type { FastifyReply, FastifyRequest } from 'fastify';
import { ArmError } from '../../arm/error.ts';
import type { Clock } from '../clock.ts';

const CORRELATION_FORM = /^[\w-]{1,64}$/;

/**
 * Ids that every answer carries, whatever becomes of the request, and what ARM sets on each: nothing may be cached or
 * guessed at. ARM's Strict-Transport-Security is left out: browsers would hold it against every port of `localhost`,
 * the portal's http included.
 *
 * @returns `x-ms-correlation-request-id`: the caller's, or the request's own.
 */
export function setContextHeaders(request: FastifyRequest, reply: FastifyReply, clock: Clock): string {
  const given = header(request, 'x-ms-correlation-request-id');
  const correlationId = given && CORRELATION_FORM.test(given) ? given : request.id;
  const now = new Date(clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  reply.headers({
    'x-ms-request-id': request.id,
    'x-ms-correlation-request-id': correlationId,
    'x-ms-routing-request-id': `LOCAL:${now}:${request.id}`,
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    expires: '-1',
    'x-content-type-options': 'nosniff',
  });
  const clientRequestId = header(request, 'x-ms-client-request-id');
  if (clientRequestId && header(request, 'x-ms-return-client-request-id')?.toLowerCase() === 'true') {
    if (CORRELATION_FORM.test(clientRequestId)) reply.header('x-ms-client-request-id', clientRequestId);
  }
  return correlationId;
}

/** A name that isn't the loopback's is a page that had its own name point here (DNS rebinding). */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** @throws {ArmError} when the request came by another name, or from a page of another site. */
export function checkHostAndOrigin(request: FastifyRequest, portalOrigin: string): void {
  const { host, origin } = request.headers;
  if (!LOOPBACK.test(host ?? '')) {
    throw new ArmError('InvalidHost', 421, 'This endpoint answers to localhost only. Call it by that name.');
  }
  if (origin !== undefined && origin !== portalOrigin && origin !== originOf(request)) {
    throw new ArmError('ForeignOrigin', 403, `Pages of '${origin}' may not call this endpoint.`);
  }
}

/** Origin under which the caller reached us; `Host` has been checked by then. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.headers.host}`;
}

export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
