'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import type { PortalSettings } from '@/components/blade/portal-config';

// Apart, so that the sign-in page does not carry the frame's weight.
const Portal = dynamic(() => import('@/components/blade/portal').then((module) => module.Portal));

/** The portal's frame, fetched only where it is shown. */
export function Frame({ settings, children }: { settings: PortalSettings; children: ReactNode }) {
  return <Portal settings={settings}>{children}</Portal>;
}
