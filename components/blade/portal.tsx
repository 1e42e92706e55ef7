'use client';

import { QueryClientProvider } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useQueryState } from 'nuqs';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { useEffect, useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { LinkButton } from '@/components/ui/link';
import { Toasts } from '@/components/ui/toast';
import { createMsal } from '@/lib/auth/msal';
import { SETTINGS_ID, signInAgain, startSession, startSessionEarly } from '@/lib/auth/session';
import { createQueryClient } from '@/lib/queries/client';
import { LostContact } from './lost-contact';
import { OperationsProvider } from './operations';
import { PortalConfigProvider, type PortalSettings } from './portal-config';
import { TopBar } from './top-bar';
import { useSession } from './use-session';

// While the page becomes interactive.
startSessionEarly(createMsal);

/** The frame of every page for whoever is signed in. */
export function Portal({ settings, children }: { settings: PortalSettings; children: ReactNode }) {
  const [queryClient] = useState(createQueryClient);
  const { theme } = useTheme();
  useEffect(() => {
    void startSession(settings.signIn);
  }, [settings.signIn]);
  return (
    <QueryClientProvider client={queryClient}>
      <NuqsAdapter>
        <PortalConfigProvider value={settings}>
          <OperationsProvider>
            {/* Data and no code: `<` is written so that it ends no element. */}
            <script
              id={SETTINGS_ID}
              type="application/json"
              dangerouslySetInnerHTML={{ __html: JSON.stringify(settings.signIn).replaceAll('<', '\\u003c') }}
            />
            <a
              href="#content"
              className="sr-only rounded bg-surface px-3 py-2 text-accent shadow-high focus:not-sr-only focus:fixed focus:top-1 focus:left-1 focus:z-50"
            >
              Skip to content
            </a>
            <TopBar />
            <SessionEnded />
            <LostContact />
            <PasswordOffer page={settings.signIn.passwordPage} />
            {children}
            <Toasts theme={theme === 'dark' || theme === 'light' ? theme : 'system'} />
          </OperationsProvider>
        </PortalConfigProvider>
      </NuqsAdapter>
    </QueryClientProvider>
  );
}

/** Who came by a one-time link and has no password hears once where to set one. */
function PasswordOffer({ page }: { page?: string }) {
  const [offered, setOffered] = useQueryState('offerPassword');
  if (!offered || !page) return null;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line bg-accent-weak px-3.5 py-2 md:px-6"
    >
      <span className="min-w-0 flex-1 basis-64">
        <b className="font-semibold">You signed in with a one-time link.</b> With a password you can come back without
        one.
      </span>
      <LinkButton href={page} variant="primary" icon={KeyRound}>
        Set a password
      </LinkButton>
      <Button onClick={() => void setOffered(null)}>Not now</Button>
    </div>
  );
}

/** What is on the page stays there until the person chooses to sign in again. */
function SessionEnded() {
  const state = useSession();
  if (state.status !== 'expired') return null;
  return (
    <div
      role="alert"
      className="sticky top-[44px] z-20 flex flex-wrap items-center gap-3 border-b border-line bg-warn-weak px-3.5 py-2 md:px-6"
    >
      <span>
        <b className="font-semibold">Your session has ended.</b> Sign in again to go on; this page is opened anew then.
      </span>
      <Button variant="primary" onClick={() => void signInAgain()}>
        Sign in
      </Button>
    </div>
  );
}
