import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { findAccount, type Account } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import { findIssuerRecord, putIssuerRecord, removeIssuerRecord } from '../store/issuer-records.ts';
import { hashSecret, newSecret } from './secrets.ts';

/** Long enough for the portal to load and to start its sign-in. */
const EXPECTED_SECONDS = 60;

/** How long after a link a password may be set anew without the old one. */
const LINK_PROOF_SECONDS = 15 * 60;

const MODEL = 'ExpectedSignIn';

/** What the issuer knows of the browser that asks. */
export interface BrowserSession {
  /**
   * A one-time link was opened: the portal's sign-in that follows within a minute goes through without a prompt. Any
   * other account's session in this browser ends.
   */
  expect(request: IncomingMessage, response: ServerResponse, account: Account): Promise<void>;
  /** Whom a link in this browser announced. Several tabs may ask: the first to come is not always the one that waits. */
  expected(request: IncomingMessage, response: ServerResponse): Account | undefined;
  /** Forgets what a link announced: after signing out, nobody is signed in by what came before. */
  forget(request: IncomingMessage, response: ServerResponse): void;
  signedIn(request: IncomingMessage, response: ServerResponse): Promise<Account | undefined>;
  cameByLinkLately(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

export function createBrowserSession(database: Database, provider: Provider, port: number): BrowserSession {
  const cookie = `flexdeck_link_${port}`;
  const options = { httpOnly: true, sameSite: 'lax', signed: true, overwrite: true } as const;
  const cookiesOf = (request: IncomingMessage, response: ServerResponse) =>
    provider.createContext(request, response).cookies;
  const sessionOf = (request: IncomingMessage, response: ServerResponse) =>
    provider.Session.get(provider.createContext(request, response) as Parameters<typeof provider.Session.get>[0]);

  const browser: BrowserSession = {
    async expect(request, response, account) {
      const session = await sessionOf(request, response);
      if (session.accountId !== undefined && session.accountId !== account.objectId) {
        await session.destroy();
        cookiesOf(request, response).set(provider.cookieName('session'), null, options);
      }
      const secret = newSecret();
      putIssuerRecord(database, {
        model: MODEL,
        id: hashSecret(secret),
        payload: { accountId: account.objectId },
        expiresAt: Date.now() + EXPECTED_SECONDS * 1000,
      });
      cookiesOf(request, response).set(cookie, secret, { ...options, maxAge: EXPECTED_SECONDS * 1000 });
    },
    expected(request, response) {
      const secret = cookiesOf(request, response).get(cookie, options);
      const record = secret && findIssuerRecord(database, MODEL, { id: hashSecret(secret) }, Date.now());
      return record ? findAccount(database, String(record.accountId)) : undefined;
    },
    forget(request, response) {
      const cookies = cookiesOf(request, response);
      const secret = cookies.get(cookie, options);
      if (!secret) return;
      removeIssuerRecord(database, MODEL, hashSecret(secret));
      cookies.set(cookie, null, options);
    },
    async signedIn(request, response) {
      const { accountId } = await sessionOf(request, response);
      return accountId === undefined ? undefined : findAccount(database, accountId);
    },
    async cameByLinkLately(request, response) {
      const session = await sessionOf(request, response);
      const age = Date.now() / 1000 - (session.loginTs ?? 0);
      return session.amr?.includes('link') === true && age < LINK_PROOF_SECONDS;
    },
  };
  return browser;
}
