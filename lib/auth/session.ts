import { SIGNED_IN_COOKIE } from '../paths.ts';
import type { Account, SignInSettings } from './account.ts';
import type { Msal } from './msal.ts';

export type SessionState =
  | { status: 'starting' }
  | { status: 'signedIn'; account: Account }
  /** The issuer wants the person again; unsaved work on the page is still there. */
  | { status: 'expired'; account: Account }
  | { status: 'failed'; message: string };

/** Why the last sign-in failed, for the sign-in page; lives as long as the tab. */
const FAILURE_KEY = 'flexdeck.sign-in-failure';

let makeMsal = async (given: SignInSettings): Promise<Msal> => (await import('./msal.ts')).createMsal(given);
let msal: Promise<Msal> | undefined;
let settings: SignInSettings | undefined;
let started: Promise<void> | undefined;
/** The question for a token that is under way: a page reads many things at once. */
let asked: Promise<string | null> | undefined;
let state: SessionState = { status: 'starting' };
const listeners = new Set<() => void>();

function publish(next: SessionState): void {
  state = next;
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`. */
export const session = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  current: (): SessionState => state,
};

const starting: SessionState = { status: 'starting' };
export const sessionOnServer = (): SessionState => starting;

/** Where the document holds the settings, so that the session is asked for while the page is still being woken up. */
export const SETTINGS_ID = 'flexdeck-sign-in';

/**
 * Begins the session with the settings in the document, when there are any: every read waits for it.
 *
 * @param own MSAL, where the page has it: the sign-in page fetches it when it is needed.
 */
export function startSessionEarly(own: typeof makeMsal): void {
  makeMsal = own;
  const text = typeof document === 'undefined' ? null : document.getElementById(SETTINGS_ID)?.textContent;
  if (text) void startSession(JSON.parse(text) as SignInSettings);
}

export function loadMsal(given: SignInSettings): Promise<Msal> {
  settings = given;
  msal ??= makeMsal(given);
  return msal;
}

/**
 * Finds out who is signed in; whoever is not goes to the sign-in page (which the server sends for the same address once
 * the hint is gone). Safe to repeat.
 */
export function startSession(given: SignInSettings): Promise<void> {
  started ??= (async () => {
    try {
      const account = await (await loadMsal(given)).restore();
      if (!account) return leave();
      setHint();
      publish({ status: 'signedIn', account });
    } catch (failure) {
      const message = failure instanceof Error ? failure.message : String(failure);
      sessionStorage.setItem(FAILURE_KEY, message);
      leave();
    }
  })();
  return started;
}

/**
 * Leaves for the sign-in page.
 *
 * @param options `returnTo` is the address to come back to, this page otherwise; `userName` who is expected.
 */
export async function signIn(
  given: SignInSettings,
  options: { returnTo?: string; asSomebodyElse?: boolean; userName?: string } = {},
): Promise<void> {
  sessionStorage.removeItem(FAILURE_KEY);
  const client = await loadMsal(given);
  // Set now, so that the server sends the portal's page when the person comes back.
  setHint();
  await client.signIn(options.returnTo ?? window.location.href, {
    prompt: options.asSomebodyElse ? 'select_account' : undefined,
    loginHint: options.userName,
  });
}

/** Signs in again where the session ended, or as somebody else, and comes back to this page. */
export function signInAgain(options: { asSomebodyElse?: boolean } = {}): Promise<void> {
  if (!settings) throw new Error('The session has not been started.');
  return signIn(settings, options);
}

/** Signs out here and at the issuer. */
export async function signOut(): Promise<void> {
  if (!settings) throw new Error('The session has not been started.');
  const client = await loadMsal(settings);
  clearHint();
  await client.signOut();
}

/**
 * An access token for ARM, once the session is there.
 *
 * @throws {SessionEndedError} when the person must sign in again; the page then says so.
 */
export async function accessToken(): Promise<string> {
  await waitForStart();
  asked ??= askForToken().finally(() => {
    asked = undefined;
  });
  const token = await asked;
  if (token) return token;
  if (state.status === 'signedIn') publish({ status: 'expired', account: state.account });
  throw new SessionEndedError();
}

async function askForToken(): Promise<string | null> {
  return (await (await msal)?.accessToken()) ?? null;
}

/** The session ended: nothing can be read or written until the person signs in again. */
export class SessionEndedError extends Error {
  readonly code = 'SessionEnded';
  readonly status = 401;
  constructor() {
    super('Your session has ended. Sign in again.');
    this.name = 'SessionEndedError';
  }
}

/** Queries of the first page may run before the frame has started the session. */
function waitForStart(): Promise<void> {
  if (started) return started;
  return new Promise((settle) => {
    const stop = session.subscribe(() => {
      stop();
      settle();
    });
  });
}

/** The last failure of a sign-in, told once. */
export function takeSignInFailure(): string | null {
  const message = sessionStorage.getItem(FAILURE_KEY);
  sessionStorage.removeItem(FAILURE_KEY);
  return message;
}

function setHint(): void {
  document.cookie = `${SIGNED_IN_COOKIE}=1; Path=/; SameSite=Lax`;
}

function clearHint(): void {
  document.cookie = `${SIGNED_IN_COOKIE}=; Path=/; Max-Age=0; SameSite=Lax`;
}

function leave(): void {
  clearHint();
  window.location.reload();
}
