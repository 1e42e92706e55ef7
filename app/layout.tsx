import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './globals.css';
import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Misconfigured } from '@/components/blade/misconfigured';
import { MENU_COOKIE } from '@/lib/paths';
import { inter } from './fonts';
import { Frame } from './frame';
import { portalSettings } from './portal-settings';
import { Providers } from './providers';

export const metadata: Metadata = {
  title: 'Flexdeck',
  description: 'A portal for Azure Database for MySQL flexible server.',
  robots: { index: false },
};

export const viewport: Viewport = {
  themeColor: '#0d1b2e',
};

/** The document: the portal's frame, or nothing but the sign-in page while nobody is signed in. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [request, stored] = await Promise.all([headers(), cookies()]);
  const nonce = request.get('x-nonce') ?? undefined;
  const { settings, faults } = await portalSettings();
  return (
    <html lang="en" className={inter.variable} data-menu={stored.get(MENU_COOKIE)?.value} suppressHydrationWarning>
      <body className="flex flex-col">
        <Providers nonce={nonce}>
          {!settings ? (
            <Misconfigured faults={faults} />
          ) : request.get('x-flexdeck-frame') !== 'portal' ? (
            children
          ) : (
            <Frame settings={settings}>{children}</Frame>
          )}
        </Providers>
      </body>
    </html>
  );
}
