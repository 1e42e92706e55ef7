import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { ArmRoute, Authorizer } from '../resources/route.ts';
import type { Database } from '../store/database.ts';
import { ensureLocalAccounts } from './accounts.ts';
import { createAuthenticate, type Authenticate } from './authenticate.ts';
import { authorityEndpoints } from './authority-endpoints.ts';
import { createAuthorizer } from './authorization.ts';
import { startIssuer } from './issuer.ts';
import { loadIssuerKeys } from './keys.ts';
import { identityRoutes } from './routes.ts';
import { ensureServicePrincipal, type ServicePrincipalFile } from './service-principal.ts';
import { createSignInLink } from './one-time-links.ts';

/** All that the rest of the control plane needs of identity. */
export interface Identity {
  /** `http://localhost:8444`, with the port in force. */
  issuerOrigin: string;
  authenticate: Authenticate;
  authorizer: Authorizer;
  /** Microsoft.Authorization, for the route table. */
  routes: ArmRoute[];
  /** The issuer under ARM's https, for CLIs and SDKs; goes into `buildHttp`'s `openEndpoints`. */
  authorityEndpoints: (app: FastifyInstance) => Promise<void>;
  /** @param userName `owner`, `owner@local` … */
  signInLink(userName: string): string;
  /** Writes `service-principal.json`; to be called when ARM's port is known. */
  publishServicePrincipal(where: { armOrigin: string; caFile: string }): ServicePrincipalFile;
  close(): Promise<void>;
}

/**
 * Makes accounts, roles and keys where they are missing and starts the issuer.
 *
 * @param options.home folder with `issuer-keys.json` and `service-principal.json`, both 0600.
 * @param options.issuerPort 0 picks a free one.
 * @param options.portalOrigin `http://localhost:3000`: the only place that sign-in answers go to.
 * @param options.randomId makes GUIDs.
 */
export async function startIdentity(options: {
  database: Database;
  home: string;
  tenantId: string;
  subscriptionId: string;
  issuerPort: number;
  portalOrigin: string;
  clock: Clock;
  log: FastifyBaseLogger;
  randomId: () => string;
}): Promise<Identity> {
  const { database, home, tenantId, subscriptionId, clock, randomId } = options;
  ensureLocalAccounts(database, subscriptionId, randomId);
  const keys = await loadIssuerKeys(join(home, 'issuer-keys.json'));
  const issuer = await startIssuer({ ...options, keys, port: options.issuerPort });
  const authority = { database, keys, issuer: issuer.origin, tenantId };
  return {
    issuerOrigin: issuer.origin,
    authenticate: createAuthenticate(authority),
    authorizer: createAuthorizer(database),
    routes: identityRoutes(database),
    authorityEndpoints: authorityEndpoints(authority),
    signInLink: (userName) => createSignInLink(database, issuer.origin, userName, clock.now()),
    publishServicePrincipal: (where) =>
      ensureServicePrincipal(
        database,
        join(home, 'service-principal.json'),
        { ...where, tenantId, subscriptionId },
        randomId,
      ),
    close: () => issuer.close(),
  };
}
