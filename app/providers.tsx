'use client';

import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';

/** What every page needs, signed in or not; the rest is in the portal's frame. */
export function Providers({ nonce, children }: { nonce?: string; children: ReactNode }) {
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      enableSystem
      enableColorScheme={false}
      storageKey="flexdeck.theme"
      nonce={nonce}
    >
      {children}
    </ThemeProvider>
  );
}
