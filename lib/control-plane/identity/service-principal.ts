import * as z from 'zod';
import { transaction, type Database } from '../store/database.ts';
import { addRoleAssignment, roleAssignmentsOf } from '../store/role-assignments.ts';
import { listServicePrincipals, putServicePrincipal } from '../store/service-principals.ts';
import { readIfThere, writePrivateFile } from './private-file.ts';
import { hashSecret, isSecret, newSecret } from './secrets.ts';

/** `service-principal.json`: what automation needs to sign in. A contract: see the control plane's README. */
export interface ServicePrincipalFile {
  tenantId: string;
  clientId: string;
  clientSecret: string;
  subscriptionId: string;
  /** `https://localhost:8443` */
  resourceManagerEndpoint: string;
  /** For `@azure/identity` with `disableInstanceDiscovery`: `{authorityHost}/{tenantId}/oauth2/v2.0/token`. */
  authorityHost: string;
  /** For Azure CLIs that cannot do without instance discovery otherwise. */
  adfsAuthorityHost: string;
  /** The CA that signed the endpoints' certificate. */
  caFile: string;
}

const Stored = z.object({ clientId: z.string(), clientSecret: z.string() });

/**
 * Makes the service principal with role Owner at the first start, and writes its file when it is missing or out of
 * date. Whoever deletes the file gets a new secret, and the old one ends.
 *
 * @param path mode 0600.
 * @param armOrigin `https://localhost:8443`, with the port in force.
 */
export function ensureServicePrincipal(
  database: Database,
  path: string,
  where: { tenantId: string; subscriptionId: string; armOrigin: string; caFile: string },
  randomId: () => string,
): ServicePrincipalFile {
  const known = listServicePrincipals(database)[0];
  const stored = readStored(path);
  const kept =
    known && stored?.clientId === known.clientId && isSecret(stored.clientSecret, known.secretHash)
      ? stored
      : undefined;

  const file: ServicePrincipalFile = {
    tenantId: where.tenantId,
    clientId: known?.clientId ?? randomId(),
    clientSecret: kept?.clientSecret ?? newSecret(),
    subscriptionId: where.subscriptionId,
    resourceManagerEndpoint: where.armOrigin,
    authorityHost: where.armOrigin,
    adfsAuthorityHost: `${where.armOrigin}/adfs`,
    caFile: where.caFile,
  };
  if (!kept) {
    transaction(database, () => {
      const objectId = known?.objectId ?? randomId();
      const { clientId, clientSecret } = file;
      putServicePrincipal(database, {
        objectId,
        clientId,
        displayName: 'Flexdeck automation',
        secretHash: hashSecret(clientSecret),
      });
      if (roleAssignmentsOf(database, objectId).length > 0) return;
      const scope = `/subscriptions/${where.subscriptionId}`;
      addRoleAssignment(database, { id: randomId(), principalId: objectId, role: 'Owner', scope });
    });
  }
  // A death between the two leaves a file that doesn't fit the store: the next start then makes a new secret.
  writePrivateFile(path, `${JSON.stringify(file, null, 2)}\n`);
  return file;
}

function readStored(path: string): z.infer<typeof Stored> | undefined {
  const text = readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return Stored.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // not JSON: written anew
  }
}
