import { ArmError } from '../arm/error.ts';

/** What `@azure/*` clients take as a credential: it hands on the token that the browser sent. */
export interface BearerCredential {
  getToken(): Promise<{ token: string; expiresOnTimestamp: number }>;
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const LONGEST_TOKEN = 16_384;

/**
 * Makes a credential of an access token. The token is only looked at for its form and expiry: ARM checks it.
 *
 * @throws {ArmError} AuthenticationFailed 401 when there is none, or what there is cannot be an access token.
 */
export function credentialOf(token: unknown, now: Date = new Date()): BearerCredential {
  if (typeof token !== 'string' || token.length > LONGEST_TOKEN || !JWT.test(token)) {
    throw new ArmError('AuthenticationFailed', 401, 'The request has no access token. Sign in, then try again.');
  }
  const expiresOnTimestamp = expiryOf(token);
  if (expiresOnTimestamp <= now.getTime()) {
    throw new ArmError('ExpiredAuthenticationToken', 401, 'The access token has expired. Sign in again.');
  }
  return { getToken: async () => ({ token, expiresOnTimestamp }) };
}

/** The credential of a request with `Authorization: Bearer …`; throws as `credentialOf`. */
export function requestCredential(headers: Headers, now?: Date): BearerCredential {
  const [, token] = /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '') ?? [];
  return credentialOf(token, now);
}

/** Milliseconds of `exp`; a token whose claims cannot be read has expired. */
function expiryOf(token: string): number {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as {
      exp?: unknown;
    };
    return typeof claims.exp === 'number' ? claims.exp * 1000 : 0;
  } catch {
    return 0;
  }
}

/**
 * Server actions are called by our own pages only. Next takes a missing `Origin` for our own; a browser always sends
 * one with such a POST, so whoever sends none is none.
 *
 * @throws {ArmError} InvalidOrigin 403
 */
export function requireOwnOrigin(headers: Headers): void {
  const origin = headers.get('origin');
  const host = headers.get('x-forwarded-host') ?? headers.get('host');
  let originHost: string | null = null;
  try {
    originHost = origin === null ? null : new URL(origin).host;
  } catch {
    // Not a URL (`null` of a sandboxed frame): nobody of ours.
  }
  if (originHost === null || originHost !== host) {
    throw new ArmError('InvalidOrigin', 403, 'This was not asked by a page of the portal.');
  }
}
