import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import * as z from 'zod';
import { readIfThere, writePrivateFile } from './private-file.ts';
import { newSecret } from './secrets.ts';

export const SIGNING_ALGORITHM = 'RS256';

/** What the issuer signs with. */
export interface IssuerKeys {
  /** The private key as JWK, for the issuer. */
  signingJwk: JWK;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  keyId: string;
  /** Signs the issuer's cookies. */
  cookieSecret: string;
}

const KeysFile = z.object({
  signingKey: z.looseObject({ kty: z.literal('RSA'), kid: z.string(), n: z.string(), e: z.string(), d: z.string() }),
  cookieSecret: z.string().min(32),
});

/**
 * Reads the issuer's keys, or makes them at the first start: sessions and tokens outlive the daemon.
 *
 * @param path a file of mode 0600.
 */
export async function loadIssuerKeys(path: string): Promise<IssuerKeys> {
  const text = readIfThere(path);
  const stored = text === undefined ? await makeKeys(path) : KeysFile.parse(JSON.parse(text));
  const { kty, n, e, kid } = stored.signingKey;
  const signingJwk: JWK = { ...stored.signingKey };
  return {
    signingJwk,
    privateKey: (await importJWK(signingJwk, SIGNING_ALGORITHM)) as CryptoKey,
    publicKey: (await importJWK({ kty, n, e }, SIGNING_ALGORITHM)) as CryptoKey,
    keyId: kid,
    cookieSecret: stored.cookieSecret,
  };
}

async function makeKeys(path: string): Promise<z.infer<typeof KeysFile>> {
  const { privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  const signingKey = { ...jwk, kid: newSecret().slice(0, 16), alg: SIGNING_ALGORITHM, use: 'sig' };
  const keys = KeysFile.parse({ signingKey, cookieSecret: newSecret() });
  writePrivateFile(path, `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}
