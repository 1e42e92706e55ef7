import { SignJWT } from 'jose';
import type { Account } from '../store/accounts.ts';
import type { ServicePrincipal } from '../store/service-principals.ts';
import { SIGNING_ALGORITHM, type IssuerKeys } from './keys.ts';
import { newSecret } from './secrets.ts';

/** Above the 300 s ahead of which MSAL renews; Entra's tokens live 60 to 90 minutes. */
export const ACCESS_TOKEN_SECONDS = 3600;

/** What Entra puts into a person's access token beyond the standard claims. */
export function accountClaims(account: Account, tenantId: string, clientId: string): Record<string, string> {
  return {
    oid: account.objectId,
    tid: tenantId,
    idtyp: 'user',
    name: account.displayName,
    upn: account.userName,
    unique_name: account.userName,
    appid: clientId,
    scp: 'user_impersonation',
    ver: '1.0',
  };
}

/** Signs what the client credentials grant answers with. */
export function signServicePrincipalToken(
  keys: IssuerKeys,
  principal: ServicePrincipal,
  { issuer, tenantId, audience }: { issuer: string; tenantId: string; audience: string },
): Promise<string> {
  return new SignJWT({
    oid: principal.objectId,
    tid: tenantId,
    idtyp: 'app',
    app_displayname: principal.displayName,
    appid: principal.clientId,
    ver: '1.0',
  })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: 'at+jwt', kid: keys.keyId })
    .setIssuer(issuer)
    .setSubject(principal.objectId)
    .setAudience(audience)
    .setJti(newSecret())
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime(`${ACCESS_TOKEN_SECONDS}s`)
    .sign(keys.privateKey);
}
