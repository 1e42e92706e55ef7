import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import {
  addressProblem,
  hostOf,
  serviceUriProblem,
  type ResolvedAddress,
  type WebhookPolicy,
} from './receiver-address.ts';

const TIMEOUT_MS = 10_000;

/** How one attempt ended. `retry`: another may do better. */
export interface Attempt {
  outcome: 'delivered' | 'retry' | 'refused';
  /** For people. */
  detail: string;
}

export interface WebhookCall {
  serviceUri: string;
  body: string;
  /** Signs the body. */
  secret: string;
  deliveryId: string;
  now: number;
  signal?: AbortSignal;
  timeoutMs?: number;
}

/**
 * Signs a webhook's body: `t=<seconds since 1970>,v1=<HMAC-SHA256 of "<t>.<body>", in hex>`. The time is signed too, so that an
 * old body cannot be sent again as a new one.
 */
export function signature(secret: string, body: string, now: number): string {
  const seconds = Math.floor(now / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/**
 * POSTs a body once. The name is looked up once, and the address that was checked is the one that is called; a redirect is
 * not followed; no more is read of the answer than its status.
 */
export async function callWebhook(
  { serviceUri, body, secret, deliveryId, now, signal, timeoutMs = TIMEOUT_MS }: WebhookCall,
  policy: WebhookPolicy,
  resolve: (host: string) => Promise<ResolvedAddress[]> = resolveHost,
): Promise<Attempt> {
  const problem = serviceUriProblem(serviceUri, policy);
  if (problem) return { outcome: 'refused', detail: problem };
  const url = new URL(serviceUri);
  const host = hostOf(url);
  let target: ResolvedAddress;
  try {
    const addresses = await resolve(host);
    const wrong = addresses.map((each) => addressProblem(each, host, policy)).find((each) => each !== undefined);
    if (wrong) return { outcome: 'refused', detail: wrong };
    if (!addresses[0]) throw new Error('no address');
    target = addresses[0];
  } catch {
    return { outcome: 'retry', detail: `The name ${host} could not be found.` };
  }
  return post(url, target, { body, secret, deliveryId, now, signal, timeoutMs });
}

async function post(
  url: URL,
  { address, family }: ResolvedAddress,
  { body, secret, deliveryId, now, signal, timeoutMs }: Omit<WebhookCall, 'serviceUri'> & { timeoutMs: number },
): Promise<Attempt> {
  const { promise, resolve } = Promise.withResolvers<Attempt>();
  const limit = AbortSignal.timeout(timeoutMs);
  const sent = (url.protocol === 'https:' ? requestHttps : requestHttp)(
    url,
    {
      method: 'POST',
      agent: false,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      // Whatever the name means by now: what was checked is what is called. TLS still asks for the name.
      lookup: (_host, options, done) =>
        options.all
          ? (done as (error: null, all: ResolvedAddress[]) => void)(null, [{ address, family }])
          : done(null, address, family),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'Flexdeck-Alerts/1',
        'x-flexdeck-delivery': deliveryId,
        'x-flexdeck-signature': signature(secret, body, now),
      },
    },
    (answer) => {
      const status = answer.statusCode ?? 0;
      resolve(judge(status));
      answer.destroy();
    },
  );
  sent.on('error', (failure: NodeJS.ErrnoException) => {
    const detail = limit.aborted
      ? `It did not answer within ${timeoutMs / 1000} seconds.`
      : signal?.aborted
        ? 'Flexdeck ended before it answered.'
        : `It could not be reached (${failure.code ?? 'failed'}).`;
    resolve({ outcome: 'retry', detail });
  });
  sent.end(body);
  return promise;
}

function judge(status: number): Attempt {
  if (status >= 200 && status < 300) return { outcome: 'delivered', detail: `It answered with ${status}.` };
  if (status >= 300 && status < 400) {
    return { outcome: 'refused', detail: `It answered with ${status}: redirects are not followed.` };
  }
  const mayPass = status === 408 || status === 429 || status >= 500;
  return { outcome: mayPass ? 'retry' : 'refused', detail: `It answered with ${status}.` };
}

async function resolveHost(host: string): Promise<ResolvedAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family: family as 4 | 6 }];
  // RFC 6761: names below localhost are this machine, whatever a resolver makes of them.
  if (host.endsWith('.localhost')) return [{ address: '127.0.0.1', family: 4 }];
  // A look-up cannot be broken off: one that hangs is left alone.
  const late = new Promise<ResolvedAddress[]>((resolve) => setTimeout(resolve, TIMEOUT_MS, []).unref());
  return Promise.race([lookup(host, { all: true }) as Promise<ResolvedAddress[]>, late]);
}
