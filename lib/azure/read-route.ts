import type { NextRequest } from 'next/server';
import { ArmError } from '../arm/error.ts';
import { requestCredential } from '../auth/credential.ts';
import { readPortalConfig } from '../config.ts';
import { ArmClient } from './client.ts';

export interface ReadContext<Params> {
  arm: ArmClient;
  /** Parameters of the route's folder names, decoded. */
  params: Params;
  query: URLSearchParams;
  request: NextRequest;
}

type Params = Record<string, string>;

/**
 * A route handler that reads ARM as the person who asks: it requires the bearer token, ends when the browser gives up,
 * and answers ARM's errors with their status, words and request id.
 *
 *     export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) => listServers(arm, params.subscriptionId));
 */
export function readRoute<P extends Params = Params>(read: (context: ReadContext<P>) => Promise<unknown>) {
  return async (request: NextRequest, context: { params: Promise<unknown> }): Promise<Response> => {
    try {
      const arm = new ArmClient(readPortalConfig(), requestCredential(request.headers), {
        signal: request.signal,
      });
      const params = decode(await context.params) as P;
      const data = await read({ arm, params, query: request.nextUrl.searchParams, request });
      return Response.json(data, { headers: { 'Cache-Control': 'no-store' } });
    } catch (failure) {
      if (request.signal.aborted) return new Response(null, { status: 499 });
      const error = asArmError(failure);
      const headers = { 'Cache-Control': 'no-store', ...(error.requestId && { 'x-ms-request-id': error.requestId }) };
      return Response.json(
        { error: { ...error.toDetail(), requestId: error.requestId } },
        { status: error.status, headers },
      );
    }
  };
}

/** What was thrown, as ARM's error; a fault of our own is told to the log and not to the browser. */
export function asArmError(failure: unknown): ArmError {
  if (failure instanceof ArmError) return failure;
  process.stderr.write(`${failure instanceof Error ? failure.stack : String(failure)}\n`);
  return new ArmError('PortalFault', 500, 'The portal failed to do this. Its log has the reason.', { cause: failure });
}

/** Next hands route parameters on as they stand in the address. */
function decode(params: unknown): Params {
  return Object.fromEntries(
    Object.entries((params ?? {}) as Params).map(([name, value]) => {
      try {
        return [name, decodeURIComponent(value)];
      } catch {
        throw new ArmError('InvalidAddress', 400, `"${value}" is not a valid part of an address.`);
      }
    }),
  );
}
