import { Provider, errors, interactionPolicy, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { findAccount } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import { ACCESS_TOKEN_SECONDS, accountClaims } from './access-token.ts';
import { ARM_RESOURCE, ARM_SCOPES, armAudiences } from './audiences.ts';
import { issuerAdapter } from './issuer-adapter.ts';
import { SIGNING_ALGORITHM, type IssuerKeys } from './keys.ts';
import { errorPage, signedOutPage, signOutPage } from './pages.ts';
import { renderPage, type Page } from './page.ts';

/** The portal as a client of the local issuer: what `clientId` in MSAL's configuration is. */
export const PORTAL_CLIENT_ID = 'f1e8dec0-0000-4000-8000-000000000001';

const DAY = 24 * 3600;

export interface ProviderOptions {
  database: Database;
  keys: IssuerKeys;
  /** `http://localhost:8444`: the one `iss`. */
  issuer: string;
  tenantId: string;
  /** `http://localhost:3000` */
  portalOrigin: string;
}

/** The OpenID provider for browsers: authorization code with PKCE for the portal, JWT access tokens for ARM. */
export function createProvider(options: ProviderOptions): Provider {
  return new Provider(options.issuer, configuration(options));
}

function configuration({ database, keys, issuer, tenantId, portalOrigin }: ProviderOptions): Configuration {
  const port = new URL(issuer).port;
  return {
    adapter: issuerAdapter(database),
    jwks: { keys: [keys.signingJwk] } as Configuration['jwks'],
    clients: [
      {
        client_id: PORTAL_CLIENT_ID,
        client_name: 'Flexdeck portal',
        application_type: 'web',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: [`${portalOrigin}/redirect.html`],
        post_logout_redirect_uris: [`${portalOrigin}/redirect.html`, `${portalOrigin}/`, portalOrigin],
      },
    ],
    clientBasedCORS: (_ctx, origin) => origin === portalOrigin,
    // Cookies know no ports: two homes on one machine would overwrite each other's.
    cookies: {
      keys: [keys.cookieSecret],
      names: {
        session: `flexdeck_session_${port}`,
        interaction: `flexdeck_interaction_${port}`,
        resume: `flexdeck_resume_${port}`,
      },
      long: { signed: true, httpOnly: true, sameSite: 'lax' },
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'upn', 'oid', 'tid'] },
    scopes: ['openid', 'profile', 'offline_access'],
    async findAccount(_ctx, objectId) {
      const account = findAccount(database, objectId);
      if (!account) return undefined;
      return {
        accountId: objectId,
        claims: async () => ({
          sub: objectId,
          oid: objectId,
          tid: tenantId,
          name: account.displayName,
          preferred_username: account.userName,
          upn: account.userName,
        }),
      };
    },
    async extraTokenClaims(_ctx, token) {
      const account = 'accountId' in token ? findAccount(database, token.accountId as string) : undefined;
      return account && accountClaims(account, tenantId, token.clientId ?? PORTAL_CLIENT_ID);
    },
    loadExistingGrant,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => ARM_RESOURCE,
        useGrantedResource: async () => true,
        async getResourceServerInfo(_ctx, resource) {
          if (!armAudiences(ARM_RESOURCE).includes(resource)) throw new errors.InvalidTarget();
          return {
            audience: resource,
            scope: ARM_SCOPES.join(' '),
            accessTokenFormat: 'jwt',
            accessTokenTTL: ACCESS_TOKEN_SECONDS,
            jwt: { sign: { alg: SIGNING_ALGORITHM } },
          };
        },
      },
      rpInitiatedLogout: {
        enabled: true,
        async logoutSource(ctx, form) {
          show(ctx, signOutPage(form, { asked: ctx.oidc.entities.IdTokenHint !== undefined }), [portalOrigin]);
        },
        async postLogoutSuccessSource(ctx) {
          show(ctx, signedOutPage(portalOrigin));
        },
      },
    },
    interactions: { policy: promptPolicy(), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    async renderError(ctx, out) {
      show(ctx, errorPage(out.error_description ?? out.error, portalOrigin));
    },
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      IdToken: ACCESS_TOKEN_SECONDS,
      Interaction: 3600,
      Session: 14 * DAY,
      Grant: 14 * DAY,
      RefreshToken: 14 * DAY,
    },
  };
}

function show(ctx: KoaContextWithOIDC, page: Page, formTargets: readonly string[] = []): void {
  const { html, headers } = renderPage(page, formTargets);
  ctx.set(headers);
  ctx.body = html;
}

/** The portal is ours: nobody is asked for consent. */
async function loadExistingGrant(ctx: KoaContextWithOIDC) {
  const { provider, client, session } = ctx.oidc;
  if (!client || !session?.accountId) return undefined;
  const known = session.grantIdFor(client.clientId);
  const existing = known ? await provider.Grant.find(known) : undefined;
  if (existing?.accountId === session.accountId) return existing;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile offline_access');
  for (const resource of armAudiences(ARM_RESOURCE)) grant.addResourceScope(resource, ARM_SCOPES.join(' '));
  await grant.save();
  return grant;
}

/** `select_account` is Entra's word for "let me be somebody else"; here it is the sign-in page. */
function promptPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  return policy;
}
