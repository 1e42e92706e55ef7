import {
  InteractionRequiredAuthError,
  PublicClientApplication,
  type AccountInfo,
  type RedirectRequest,
} from '@azure/msal-browser';
import type { Account, SignInSettings } from './account.ts';

/**
 * MSAL behind five verbs. This module is the only one that imports it, and it is loaded on demand: it weighs more than
 * the page that people see before they sign in.
 */
export async function createMsal(settings: SignInSettings) {
  const { clientId, authority, scopes, metadata } = settings;
  const page = `${window.location.origin}/redirect.html`;
  const application = new PublicClientApplication({
    auth: {
      clientId,
      authority,
      redirectUri: page,
      postLogoutRedirectUri: page,
      ...(metadata && {
        authorityMetadata: metadata,
        knownAuthorities: [new URL(authority).host],
        OIDCOptions: { responseMode: 'fragment' as const, defaultScopes: ['openid', 'profile'] },
      }),
    },
    // Tokens end with the tab, and other tabs cannot read them.
    cache: { cacheLocation: 'sessionStorage' },
    system: { protocolMode: metadata ? 'OIDC' : 'AAD' },
  });
  await application.initialize();
  // Also after signing out, and after a sign-in that was left by the Back button: until MSAL has seen that nothing came
  // back, it takes that interaction for one in progress and begins no other.
  const returning = application.handleRedirectPromise();
  returning.catch(() => {});
  const choose = (account: AccountInfo): Account => {
    application.setActiveAccount(account);
    return {
      name: account.name || account.username,
      userName: account.username,
      objectId: account.localAccountId,
      tenantId: account.tenantId,
    };
  };

  return {
    /**
     * The account of this tab: the one that just came back from signing in, the one signed in before, or by the
     * issuer's own session (a new tab). Null when the person must sign in.
     */
    async restore(): Promise<Account | null> {
      const returned = await returning;
      if (returned) return choose(returned.account);
      const before = application.getActiveAccount() ?? application.getAllAccounts()[0];
      if (before) return choose(before);
      try {
        const { account } = await application.ssoSilent({ scopes });
        return choose(account);
      } catch (failure) {
        if (failure instanceof InteractionRequiredAuthError) return null;
        throw failure;
      }
    },

    /** Leaves for the sign-in page and comes back to `returnTo`. */
    async signIn(returnTo: string, who: { prompt?: 'select_account'; loginHint?: string }): Promise<void> {
      await returning.catch(() => {});
      const request: RedirectRequest = { scopes, redirectStartPage: returnTo, ...who };
      await application.loginRedirect(request);
    },

    /** An access token for ARM that is valid for minutes at least; null when the person must sign in again. */
    async accessToken(): Promise<string | null> {
      const account = application.getActiveAccount();
      if (!account) return null;
      try {
        const { accessToken } = await application.acquireTokenSilent({ scopes, account });
        return accessToken;
      } catch (failure) {
        if (failure instanceof InteractionRequiredAuthError) return null;
        throw failure;
      }
    },

    /** Ends the session here and at the issuer. */
    async signOut(): Promise<void> {
      const account = application.getActiveAccount();
      // With the hint the issuer knows that it was us who asked, and need not ask the person once more.
      await application.logoutRedirect({ account, idTokenHint: account?.idToken });
    },
  };
}

export type Msal = Awaited<ReturnType<typeof createMsal>>;
