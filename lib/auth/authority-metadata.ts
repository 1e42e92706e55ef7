import type { SignInConfig } from '../config.ts';

const known = new Map<string, string>();

/**
 * Metadata of an issuer that MSAL cannot look up itself (it would ask by https), as the JSON text that MSAL takes;
 * undefined for Entra, which MSAL knows.
 *
 * @throws {Error} when the issuer does not answer.
 */
export async function authorityMetadata({ issuer }: SignInConfig): Promise<string | undefined> {
  if (issuer === undefined) return undefined;
  const cached = known.get(issuer);
  if (cached) return cached;
  const answer = await ask(issuer);
  if (!answer.ok) throw new Error(`${issuer} answered with status ${answer.status}.`);
  const metadata = (await answer.json()) as Record<string, unknown>;
  const text = JSON.stringify({
    issuer: metadata.issuer,
    authorization_endpoint: metadata.authorization_endpoint,
    token_endpoint: metadata.token_endpoint,
    end_session_endpoint: metadata.end_session_endpoint,
    jwks_uri: metadata.jwks_uri,
  });
  known.set(issuer, text);
  return text;
}

/** Whether people can be sent there now; Entra is taken at its word. */
export async function issuerAnswers({ issuer }: SignInConfig): Promise<boolean> {
  if (issuer === undefined) return true;
  try {
    return (await ask(issuer)).ok;
  } catch {
    return false;
  }
}

function ask(issuer: string): Promise<Response> {
  return fetch(`${issuer}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(4000), cache: 'no-store' });
}
