import { cache } from 'react';
import type { PortalSettings } from '@/components/blade/portal-config';
import { authorityMetadata, issuerAnswers } from '@/lib/auth/authority-metadata';
import { ConfigurationError, readPortalConfig } from '@/lib/config';

interface Outcome {
  /** Absent when the environment is wrong. */
  settings?: PortalSettings;
  /** Lines that say what is wrong with the environment. */
  faults: string[];
}

/** What of the configuration goes to the browser: all of it is public. Found out once for a page and its layouts. */
export const portalSettings = cache(async (): Promise<Outcome> => {
  try {
    const { cloudName, resourceManagerEndpoint, serverCertificateAuthority, signIn } = readPortalConfig();
    const { clientId, authority, scopes, passwordPage } = signIn;
    const settings = {
      cloudName,
      resourceManagerEndpoint,
      serverCertificateAuthority,
      signIn: { clientId, authority, scopes, passwordPage },
    };
    try {
      const metadata = await authorityMetadata(signIn);
      return { settings: { ...settings, signIn: { ...settings.signIn, metadata } }, faults: [] };
    } catch {
      // The sign-in page says so.
      return { settings, faults: [] };
    }
  } catch (failure) {
    if (failure instanceof ConfigurationError) return { faults: failure.faults };
    throw failure;
  }
});

/** Why nobody can sign in just now; undefined when everybody can. Asked anew each time: what is known of an issuer stays. */
export async function signInProblem(): Promise<string | undefined> {
  const { signIn } = readPortalConfig();
  return (await issuerAnswers(signIn)) ? undefined : `${signIn.issuer} does not answer. Is the control plane running?`;
}
