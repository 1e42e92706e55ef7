import type { ReactNode } from 'react';
import { Portal } from '@/components/blade/portal';
import { portalSettings } from '../portal-settings';

/**
 * The frame around every page for whoever is signed in. The sign-in page is no part of this group, so that it does not
 * carry the frame's weight; and what the frame has fetched, the pages inside it do not fetch again.
 */
export default async function PortalLayout({ children }: { children: ReactNode }) {
  const { settings } = await portalSettings();
  return settings && <Portal settings={settings}>{children}</Portal>;
}
