import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ArmError } from '../../arm/error.ts';
import { BODY_LIMIT_BYTES } from './body.ts';
import { MethodNotAllowed } from './find-route.ts';
import { TooManyRequests } from './throttle.ts';

/** The only place where an error becomes a response. What is not an ArmError is logged and told as a fault of ours. */
export function answerError(failure: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error =
    failure instanceof ArmError ? failure : (ofFramework(failure as FastifyError, request) ?? fault(failure, request));
  if (error.status === 401) reply.header('www-authenticate', challenge(error));
  if (error instanceof MethodNotAllowed) reply.header('allow', error.allow.join(', '));
  if (error instanceof TooManyRequests) reply.header('retry-after', String(error.retryAfterSeconds));
  return reply.code(error.status).header('x-ms-failure-cause', 'gateway').send(error.toResponse());
}

/** Where to get a token, for a client that has none (RFC 6750, 3). */
function challenge({ code, message }: ArmError): string {
  const error = code === 'AuthenticationFailed' ? 'invalid_request' : 'invalid_token';
  return `Bearer realm="", error="${error}", error_description="${message.replaceAll('"', "'")}"`;
}

function ofFramework(failure: FastifyError, request: FastifyRequest): ArmError | undefined {
  if (failure instanceof URIError || failure.code === 'FST_ERR_BAD_URL') {
    return new ArmError(
      'InvalidRequestUri',
      400,
      `The request URI is invalid: '${request.url}' has a broken percent-encoding.`,
    );
  }
  if (failure.statusCode === 413) {
    return new ArmError(
      'RequestEntityTooLarge',
      413,
      `The request content is larger than the limit of ${BODY_LIMIT_BYTES} bytes. Send less.`,
    );
  }
  if (failure.statusCode === 415)
    return new ArmError('UnsupportedMediaType', 415, "Only 'application/json' is supported.");
  if (failure.statusCode !== undefined && failure.statusCode < 500) {
    return new ArmError(
      'InvalidRequest',
      failure.statusCode,
      'The request could not be read. Check its headers and its length.',
    );
  }
  return undefined;
}

function fault(failure: unknown, request: FastifyRequest): ArmError {
  request.log.error({ err: failure, method: request.method, path: request.url.split('?')[0] }, 'request failed');
  if (isFull(failure)) {
    return new ArmError(
      'DiskFull',
      503,
      'The disk of the control plane is full: nothing can be written down, so nothing is changed. Make room on it and try again. Servers go on as they are.',
      { cause: failure },
    );
  }
  return new ArmError(
    'InternalServerError',
    500,
    `An unexpected error occurred. The control plane's log has it under the request id '${request.id}'.`,
    { cause: failure },
  );
}

/** SQLite's own code for it, or the system's. */
function isFull(failure: unknown): boolean {
  const { code, errcode } = failure as { code?: string; errcode?: number };
  return code === 'ENOSPC' || (code === 'ERR_SQLITE_ERROR' && errcode === SQLITE_FULL);
}

const SQLITE_FULL = 13;
