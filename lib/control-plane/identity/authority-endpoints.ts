import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { exportJWK } from 'jose';
import { ArmError } from '../../arm/error.ts';
import type { Database } from '../store/database.ts';
import { findServicePrincipal } from '../store/service-principals.ts';
import { ACCESS_TOKEN_SECONDS, signServicePrincipalToken } from './access-token.ts';
import { armAudiences } from './audiences.ts';
import { SIGNING_ALGORITHM, type IssuerKeys } from './keys.ts';
import { isSecret } from './secrets.ts';

/** An OAuth 2.0 error (RFC 6749, 5.2) with the AADSTS number that Entra gives for the same mistake. */
class TokenRefusal extends Error {
  readonly error: string;
  readonly status: number;
  readonly number: number;

  constructor(error: string, status: number, number: number, message: string) {
    super(message);
    this.error = error;
    this.status = status;
    this.number = number;
  }
}

export interface AuthorityOptions {
  database: Database;
  keys: IssuerKeys;
  /** `iss` of every token. */
  issuer: string;
  tenantId: string;
}

/**
 * The issuer as CLIs and SDKs look for it under ARM's https: Entra's paths (`/{tenant}/…`) for those that can be told
 * not to discover instances, AD FS's (`/adfs/…`) for those that cannot. Grants client credentials.
 */
export function authorityEndpoints(options: AuthorityOptions): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 65_536 },
      (_, body, done) => {
        done(null, new URLSearchParams(body as string));
      },
    );
    app.setErrorHandler(answerRefusal);

    for (const path of ['/:tenant/oauth2/v2.0/token', '/:tenant/oauth2/token', '/adfs/oauth2/token']) {
      app.post(path, (request) => grant(request, options));
    }
    const authorize = `${options.issuer}/auth`;
    const tenantDocument = (request: FastifyRequest) => {
      const { tenant } = request.params as { tenant: string };
      const base = `${origin(request)}/${tenant}`;
      return discovery(authorize, base, `${base}/v2.0`, 'oauth2/v2.0/token', 'discovery/v2.0/keys');
    };
    app.get('/:tenant/v2.0/.well-known/openid-configuration', async (request) => tenantDocument(request));
    app.get('/:tenant/.well-known/openid-configuration', async (request) => tenantDocument(request));
    app.get('/adfs/.well-known/openid-configuration', async (request) => {
      const base = `${origin(request)}/adfs`;
      return discovery(authorize, base, base, 'oauth2/token', 'discovery/keys');
    });

    const { kty, n, e } = await exportJWK(options.keys.publicKey);
    const keySet = { keys: [{ kty, n, e, use: 'sig', alg: SIGNING_ALGORITHM, kid: options.keys.keyId }] };
    for (const path of ['/:tenant/discovery/v2.0/keys', '/:tenant/discovery/keys', '/adfs/discovery/keys']) {
      app.get(path, async () => keySet);
    }
  };
}

async function grant(
  request: FastifyRequest,
  { database, keys, issuer, tenantId }: AuthorityOptions,
): Promise<unknown> {
  const { tenant } = request.params as { tenant?: string };
  if (tenant !== undefined && tenant.toLowerCase() !== tenantId.toLowerCase()) {
    throw new TokenRefusal(
      'invalid_request',
      400,
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`,
    );
  }
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
  const grantType = form.get('grant_type');
  if (grantType !== 'client_credentials') {
    throw grantType
      ? new TokenRefusal(
          'unsupported_grant_type',
          400,
          70003,
          `The app requested an unsupported grant type '${grantType}'. Use client_credentials.`,
        )
      : new TokenRefusal(
          'invalid_request',
          400,
          900144,
          "The request body must contain the following parameter: 'grant_type'.",
        );
  }
  const { clientId, clientSecret } = clientCredentials(request, form);
  const principal = findServicePrincipal(database, clientId);
  if (!principal) {
    throw new TokenRefusal(
      'unauthorized_client',
      400,
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenantId}'.`,
    );
  }
  if (!isSecret(clientSecret, principal.secretHash)) {
    throw new TokenRefusal(
      'invalid_client',
      401,
      7000215,
      `Invalid client secret provided for app '${clientId}'. Take the one in service-principal.json.`,
    );
  }
  const audience = requestedAudience(form, origin(request));
  const accessToken = await signServicePrincipalToken(keys, principal, { issuer, tenantId, audience });
  return {
    token_type: 'Bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
    ext_expires_in: ACCESS_TOKEN_SECONDS,
    access_token: accessToken,
  };
}

/** From the form, or HTTP Basic (RFC 6749, 2.3.1). */
function clientCredentials(request: FastifyRequest, form: URLSearchParams): { clientId: string; clientSecret: string } {
  const [, basic] = /^Basic (.+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const [id, ...secret] = basic ? Buffer.from(basic, 'base64').toString().split(':') : [];
  const clientId = id ? decodeForm(id) : form.get('client_id');
  const clientSecret = id ? decodeForm(secret.join(':')) : form.get('client_secret');
  if (!clientId)
    throw new TokenRefusal(
      'invalid_request',
      400,
      900144,
      "The request body must contain the following parameter: 'client_id'.",
    );
  if (!clientSecret) {
    throw new TokenRefusal(
      'invalid_client',
      401,
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    );
  }
  return { clientId, clientSecret };
}

function decodeForm(text: string): string {
  return new URLSearchParams(`value=${text}`).get('value') ?? '';
}

/** `scope={audience}/.default` as Entra's second version has it, or `resource={audience}` as the first. */
function requestedAudience(form: URLSearchParams, armOrigin: string): string {
  const scopes = (form.get('scope') ?? '')
    .split(' ')
    .filter((scope) => scope && !['openid', 'profile', 'offline_access'].includes(scope));
  const audience = form.get('resource') ?? scopes[0]?.replace(/\/\.default$/, '');
  if (audience === undefined) {
    throw new TokenRefusal(
      'invalid_request',
      400,
      900144,
      "The request body must contain the following parameter: 'scope'.",
    );
  }
  if (scopes.length > 1 || !armAudiences(armOrigin).includes(audience)) {
    throw new TokenRefusal(
      'invalid_scope',
      400,
      70011,
      `The provided value for the input parameter 'scope' is not valid. Ask for ${armOrigin}/.default or https://management.azure.com/.default.`,
    );
  }
  return audience;
}

/** MSAL wants `issuer` to have the host it was asked from; `iss` in tokens is the one issuer's, and CLIs don't read it. */
function discovery(
  authorize: string,
  base: string,
  issuer: string,
  token: string,
  keys: string,
): Record<string, unknown> {
  return {
    issuer,
    token_endpoint: `${base}/${token}`,
    authorization_endpoint: authorize,
    jwks_uri: `${base}/${keys}`,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [SIGNING_ALGORITHM],
  };
}

function origin(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`;
}

function answerRefusal(failure: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = failure instanceof TokenRefusal ? failure : refusalOf(failure, request);
  const now = new Date();
  reply
    .header('cache-control', 'no-store')
    .code(refusal.status)
    .send({
      error: refusal.error,
      error_description: `AADSTS${refusal.number}: ${refusal.message}`,
      error_codes: [refusal.number],
      timestamp: `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`,
      trace_id: request.id,
      correlation_id: request.headers['client-request-id'] ?? randomUUID(),
    });
}

function refusalOf(failure: unknown, request: FastifyRequest): TokenRefusal {
  if (failure instanceof ArmError) return new TokenRefusal('invalid_request', failure.status, 90014, failure.message);
  const status = (failure as { statusCode?: number }).statusCode ?? 500;
  if (status < 500)
    return new TokenRefusal(
      'invalid_request',
      status,
      9002313,
      'Invalid request. Send a form, application/x-www-form-urlencoded.',
    );
  request.log.error({ err: failure }, 'token endpoint failed');
  return new TokenRefusal('server_error', 500, 90033, 'A transient error has occurred. Try again.');
}
