import { errors, jwtVerify, type JWTPayload } from 'jose';
import * as z from 'zod';
import { ArmError } from '../../arm/error.ts';
import type { Principal } from '../resources/route.ts';
import { findAccount } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import { findServicePrincipal } from '../store/service-principals.ts';
import { armAudiences } from './audiences.ts';
import { SIGNING_ALGORITHM, type IssuerKeys } from './keys.ts';

/** Turns an `Authorization` header into who calls. `armOrigin` is where the caller reached ARM: one of the audiences. */
export type Authenticate = (authorization: string | undefined, armOrigin: string) => Promise<Principal>;

const Claims = z.object({ oid: z.string(), tid: z.string(), appid: z.string() });

/**
 * Checks access tokens of the local issuer: RS256 with its one key, its `iss`, ARM's audiences, and that whom it names
 * still exists. Tokens keep real time, whatever clock drives the rest.
 *
 * @throws {ArmError} 401 with ARM's codes: AuthenticationFailed, AuthenticationFailedInvalidHeader,
 *   ExpiredAuthenticationToken, InvalidAuthenticationToken, InvalidAuthenticationTokenAudience.
 */
export function createAuthenticate(options: {
  database: Database;
  keys: IssuerKeys;
  issuer: string;
  tenantId: string;
}): Authenticate {
  const { database, keys, issuer, tenantId } = options;
  return async (authorization, armOrigin) => {
    const payload = await verify(bearerToken(authorization), keys, issuer, armAudiences(armOrigin));
    const claims = Claims.safeParse(payload);
    if (!claims.success || claims.data.tid !== tenantId) throw invalidToken();
    const principal = findPrincipal(database, claims.data, tenantId);
    if (!principal) throw invalidToken();
    return principal;
  };
}

function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') {
    throw unauthenticated('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  }
  const token = /^Bearer +([^\s,]+) *$/i.exec(authorization)?.[1];
  if (token === undefined) {
    throw unauthenticated(
      'AuthenticationFailedInvalidHeader',
      "Authentication failed. The 'Authorization' header is provided in an invalid format.",
    );
  }
  return token;
}

async function verify(token: string, keys: IssuerKeys, issuer: string, audiences: string[]): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys.publicKey, {
      algorithms: [SIGNING_ALGORITHM],
      typ: 'at+jwt', // an id token is no access token, though the same key signs it
      issuer,
      audience: audiences,
      requiredClaims: ['exp', 'iat', 'aud'],
    });
    return payload;
  } catch (failure) {
    if (failure instanceof errors.JWTExpired) {
      throw unauthenticated(
        'ExpiredAuthenticationToken',
        `The access token expiry UTC time '${utc((failure.payload.exp ?? 0) * 1000)}' is earlier than current UTC time ` +
          `'${utc(Date.now())}'.`,
      );
    }
    if (failure instanceof errors.JWTClaimValidationFailed && failure.claim === 'aud') {
      const { aud } = failure.payload;
      throw unauthenticated(
        'InvalidAuthenticationTokenAudience',
        `The access token has been obtained from wrong audience or resource '${[aud].flat().join(', ')}'. It should exactly ` +
          `match (including forward slash) with one of the allowed audiences '${audiences.join("','")}'.`,
      );
    }
    if (failure instanceof errors.JOSEError) throw invalidToken();
    throw failure;
  }
}

function findPrincipal(
  database: Database,
  { oid, appid }: z.infer<typeof Claims>,
  tenantId: string,
): Principal | undefined {
  const account = findAccount(database, oid);
  if (account) return { objectId: oid, tenantId, name: account.userName, kind: 'User' };
  const application = findServicePrincipal(database, appid);
  if (application?.objectId !== oid) return undefined;
  return { objectId: oid, tenantId, name: appid, kind: 'ServicePrincipal' };
}

function invalidToken(): ArmError {
  return unauthenticated('InvalidAuthenticationToken', 'The access token is invalid.');
}

function unauthenticated(code: string, message: string): ArmError {
  return new ArmError(code, 401, message);
}

/** `11/22/2026 5:43:35 PM`, as ARM writes times in this message. */
function utc(milliseconds: number): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
  });
  return parts.format(milliseconds).replace(',', '').replace(/\s/g, ' ');
}
