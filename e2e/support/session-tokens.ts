import { join } from 'node:path';
import { decodeJwt, generateKeyPair, SignJWT } from 'jose';
import { loadIssuerKeys, SIGNING_ALGORITHM } from '../../lib/control-plane/identity/keys.ts';

/** What somebody without a session may send in place of a token, by what is wrong with it, made from a good one. */
export async function badTokens(good: string, home: string): Promise<Record<string, string>> {
  const claims = decodeJwt(good);
  const issuerKeys = await loadIssuerKeys(join(home, 'issuer-keys.json'));
  const { privateKey: strangerKey } = await generateKeyPair(SIGNING_ALGORITHM);
  const sign = (key: CryptoKey, change: object) =>
    new SignJWT({ ...claims, ...change })
      .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: 'at+jwt', kid: issuerKeys.keyId })
      .sign(key);
  const now = Math.floor(Date.now() / 1000);
  const [header, , signature] = good.split('.');
  const raised = Buffer.from(JSON.stringify({ ...claims, oid: '00000000-0000-4000-8000-000000000000' }));
  return {
    absent: '',
    'not a token': 'let-me-in',
    expired: await sign(issuerKeys.privateKey as CryptoKey, { exp: now - 60, iat: now - 3600 }),
    'signed by a stranger': await sign(strangerKey, {}),
    'changed after it was signed': `${header}.${raised.toString('base64url')}.${signature}`,
    'made for somebody else': await sign(issuerKeys.privateKey as CryptoKey, { aud: 'https://graph.microsoft.com' }),
  };
}
