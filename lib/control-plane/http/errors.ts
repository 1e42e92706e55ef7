import { maxHeaderSize, STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
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

/** Of a body that is too large this much is read and thrown away: who still sends would not hear why it was refused. */
const DRAINED_BYTES = 16 * BODY_LIMIT_BYTES;

/** As {@link answerError}, once what a client still has to say has been heard out. */
export async function answerFailure(failure: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if ((failure as { statusCode?: number }).statusCode === 413) await drain(request.raw);
  await answerError(failure, request, reply);
}

function drain(body: IncomingMessage): Promise<void> {
  return new Promise((settle) => {
    let bytes = 0;
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > DRAINED_BYTES) settle();
    });
    for (const event of ['end', 'close', 'error']) body.once(event, () => settle());
    if (body.readableEnded || body.destroyed) settle();
    body.resume();
  });
}

/** How long a client that was told off may take to read it. */
const LINGER_MS = 1000;

/** What is no HTTP that could be routed (a method or target that nobody knows, headers without an end) hears it as ARM says it. */
export function answerUnreadable(failure: Error & { code?: string }, socket: Socket): void {
  if (failure.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const error = unreadable(failure.code);
  const body = JSON.stringify(error.toResponse());
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'x-ms-failure-cause: gateway',
  ];
  socket.end([...head, '', body].join('\r\n'));
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

function unreadable(code: string | undefined): ArmError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const message = `The request's address and headers are larger than ${maxHeaderSize} bytes together. Send less.`;
    return new ArmError('RequestHeaderFieldsTooLarge', 431, message);
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ArmError('RequestTimeout', 408, 'The request did not arrive within the time for it. Try again.');
  }
  return new ArmError(
    'InvalidRequest',
    400,
    'The request is no HTTP that can be read. Percent-encode what is not ASCII in its address, and check its method and headers.',
  );
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
