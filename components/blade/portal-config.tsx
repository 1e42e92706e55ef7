'use client';

import { createContext, useContext } from 'react';
import type { SignInSettings } from '@/lib/auth/account';
import type { ServerCertificateAuthority } from '@/lib/config';

/** What of the portal's configuration the browser may know. */
export interface PortalSettings {
  cloudName: string;
  /** Origin of the Resource Manager, for what people copy; the browser itself never calls it. */
  resourceManagerEndpoint: string;
  serverCertificateAuthority: ServerCertificateAuthority;
  signIn: SignInSettings;
}

const Settings = createContext<PortalSettings | null>(null);

export const PortalConfigProvider = Settings.Provider;

/** The cloud that this portal is for. */
export function usePortalConfig(): PortalSettings {
  const settings = useContext(Settings);
  if (!settings) throw new Error('usePortalConfig is used outside the portal’s frame.');
  return settings;
}
