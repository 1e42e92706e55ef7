import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { ArmError } from '../../arm/error.ts';
import type { Clock } from '../clock.ts';
import { findAccount, listAccounts, setPasswordHash, type Account } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import { roleAssignmentsOf } from '../store/role-assignments.ts';
import { ROLE_IN_WORDS } from './accounts.ts';
import { createBrowserSession, type BrowserSession } from './browser-session.ts';
import { renderPage, type Page } from './page.ts';
import { errorPage, linkPage, passwordPage, signInPage, type AccountChoice } from './pages.ts';
import { createPasswordAttempts } from './password-attempts.ts';
import { hashPassword, isPassword } from './password.ts';
import { redeemSignInLink } from './one-time-links.ts';

export interface SignInOptions {
  database: Database;
  provider: Provider;
  issuer: string;
  portalOrigin: string;
  clock: Clock;
}

/** The issuer's own pages: one-time link, account and password, setting a password. */
export function signInRoutes(app: FastifyInstance, options: SignInOptions): void {
  const { database, provider, issuer, portalOrigin, clock } = options;
  const browser = createBrowserSession(database, provider, Number(new URL(issuer).port));
  const attempts = createPasswordAttempts(clock);

  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 16_384 },
    (_, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body as string)));
    },
  );
  app.addHook('onRequest', async (request) => requireSameOrigin(request, issuer));
  app.setErrorHandler((failure, request, reply) => {
    const expected = failure instanceof ArmError || (failure as { name?: string }).name === 'SessionNotFound';
    if (!expected) request.log.error({ err: failure }, 'sign-in failed');
    const message = failure instanceof ArmError ? failure.message : expected ? EXPIRED : UNEXPECTED;
    return show(
      reply.code(failure instanceof ArmError ? failure.status : expected ? 400 : 500),
      errorPage(message, portalOrigin),
    );
  });

  app.get('/', async (_request, reply) => reply.redirect(`${portalOrigin}/`));

  app.get('/sign-in', async (_request, reply) => show(reply, linkPage(portalOrigin)));

  app.post('/sign-in', async (request, reply) => {
    const { secret } = (request.body ?? {}) as { secret?: unknown };
    const account = typeof secret === 'string' ? redeemSignInLink(database, secret, clock.now()) : undefined;
    if (!account) return reply.code(403).send({ error: 'This link was used before, or is older than ten minutes.' });
    await browser.expect(request.raw, reply.raw, account);
    const next = new URL('/', portalOrigin);
    next.searchParams.set('signIn', account.userName);
    if (account.passwordHash === null) next.searchParams.set('offerPassword', 'true');
    return reply.header('cache-control', 'no-store').send({ location: next.href });
  });

  app.get('/interaction/:uid', async (request, reply) => {
    const { params, prompt, uid } = await provider.interactionDetails(request.raw, reply.raw);
    const asked = String(params.prompt ?? '').split(' ');
    const account =
      browser.expected(request.raw, reply.raw) ??
      (asked.includes('login') || asked.includes('select_account') || !prompt.reasons.includes('no_session')
        ? undefined
        : await browser.signedIn(request.raw, reply.raw));
    if (account) return finish(provider, request, reply, account, 'link');
    return show(reply, signInPage({ action: `/interaction/${uid}`, accounts: choices(database) }), [portalOrigin]);
  });

  app.post('/interaction/:uid', async (request, reply) => {
    const { uid } = await provider.interactionDetails(request.raw, reply.raw);
    const { account: chosen = '', password = '' } = (request.body ?? {}) as Record<string, string>;
    const account = findAccount(database, chosen);
    const error = await refusal(account, password, attempts);
    if (error || !account) {
      const page = signInPage({ action: `/interaction/${uid}`, accounts: choices(database), chosen, error });
      return show(reply.code(error === undefined ? 400 : 401), page, [portalOrigin]);
    }
    return finish(provider, request, reply, account, 'pwd');
  });

  app.get('/password', async (request, reply) => {
    const account = await requireSignedIn(browser, request, reply);
    const askCurrent = await mustProvePassword(browser, request, reply, account);
    return show(reply, passwordPage({ userName: account.userName, askCurrent, portalOrigin }));
  });

  app.post('/password', async (request, reply) => {
    const account = await requireSignedIn(browser, request, reply);
    const askCurrent = await mustProvePassword(browser, request, reply, account);
    const { current = '', password = '', again = '' } = (request.body ?? {}) as Record<string, string>;
    const page = { userName: account.userName, askCurrent, portalOrigin };
    const error =
      (askCurrent ? await refusal(account, current, attempts) : undefined) ??
      (password === again ? undefined : 'The two new passwords differ. Type the same one twice.');
    if (error) return show(reply.code(400), passwordPage({ ...page, error }));
    try {
      setPasswordHash(database, account.objectId, await hashPassword(password));
    } catch (failure) {
      if (!(failure instanceof ArmError)) throw failure;
      return show(reply.code(400), passwordPage({ ...page, error: failure.message }));
    }
    return show(reply, passwordPage({ ...page, done: true }));
  });
}

const EXPIRED = 'This sign-in took too long, or was finished in another tab. Start again.';
const UNEXPECTED = "Something went wrong in Flexdeck. The control plane's log has the details.";

/** Forms and scripts of other sites get nowhere: browsers send `Origin` with every POST. */
function requireSameOrigin(request: FastifyRequest, issuer: string): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.headers.origin === issuer) return;
  throw new ArmError('ForeignOrigin', 403, 'This request came from another site. Open the page itself and try again.');
}

/** @returns why this password does not do, in words; undefined when it does. */
async function refusal(
  account: Account | undefined,
  password: string,
  attempts: ReturnType<typeof createPasswordAttempts>,
): Promise<string | undefined> {
  if (!account?.passwordHash) return 'This account has no password. Open a one-time link.';
  const wait = attempts.waitSeconds(account.objectId);
  if (wait > 0) return `Too many tries. Wait ${wait} ${wait === 1 ? 'second' : 'seconds'} and try again.`;
  // Counted before the slow comparison, so that tries at the same moment don't slip through together.
  attempts.failed(account.objectId);
  if (!(await isPassword(password, account.passwordHash))) return 'That is not the password of this account.';
  attempts.succeeded(account.objectId);
  return undefined;
}

async function finish(
  provider: Provider,
  request: FastifyRequest,
  reply: FastifyReply,
  account: Account,
  method: 'link' | 'pwd',
): Promise<FastifyReply> {
  const next = await provider.interactionResult(request.raw, reply.raw, {
    select_account: {},
    login: { accountId: account.objectId, amr: [method], remember: true },
  });
  return reply.redirect(next, 303);
}

async function requireSignedIn(
  browser: BrowserSession,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Account> {
  const account = await browser.signedIn(request.raw, reply.raw);
  if (account) return account;
  throw new ArmError('SignInRequired', 401, 'Sign in first, then set the password.');
}

/** Whoever came by a link just now may have forgotten the password: that is what the link is for. */
async function mustProvePassword(
  browser: BrowserSession,
  request: FastifyRequest,
  reply: FastifyReply,
  account: Account,
): Promise<boolean> {
  return account.passwordHash !== null && !(await browser.cameByLinkLately(request.raw, reply.raw));
}

function choices(database: Database): AccountChoice[] {
  return listAccounts(database).map((account) => ({
    objectId: account.objectId,
    userName: account.userName,
    description: roleAssignmentsOf(database, account.objectId)
      .map(({ role }) => ROLE_IN_WORDS[role])
      .join(', '),
    hasPassword: account.passwordHash !== null,
  }));
}

function show(reply: FastifyReply, page: Page, formTargets: readonly string[] = []): FastifyReply {
  const { html, headers } = renderPage(page, formTargets);
  return reply.headers(headers).send(html);
}
