import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './globals.css';
import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Misconfigured } from '@/components/blade/misconfigured';
import { MENU_COOKIE } from '@/lib/paths';
import { inter } from './fonts';
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

/** The document. What stands in it is the portal's frame with a page, or the sign-in page. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const [request, stored] = await Promise.all([headers(), cookies()]);
  const nonce = request.get('x-nonce') ?? undefined;
  const { settings, faults } = await portalSettings();
  return (
    <html lang="en" className={inter.variable} data-menu={stored.get(MENU_COOKIE)?.value} suppressHydrationWarning>
      <body className="flex flex-col">
        <Providers nonce={nonce}>{settings ? children : <Misconfigured faults={faults} />}</Providers>
      </body>
    </html>
  );
}
