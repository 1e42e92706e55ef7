'use client';

import { Database, GitBranch, History, LogIn } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { loadMsal, signIn, takeSignInFailure } from '@/lib/auth/session';
import { BrandMark } from './brand';
import type { PortalSettings } from './portal-config';

const facts = [
  { icon: Database, text: 'Create a MySQL flexible server and connect to it with any client.' },
  { icon: History, text: 'Follow every change to its end: who did it, what it is doing, how it went.' },
  { icon: GitBranch, text: 'See each change as az, REST, Bicep and Terraform before it is sent.' },
];

/** What people see before they sign in. It is small: MSAL is fetched when the button is near. */
export function Landing({ settings, problem }: { settings: PortalSettings; problem?: string }) {
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const start = async () => {
    setPending(true);
    setFailure(null);
    try {
      const asked = new URL(window.location.href).searchParams.get('signIn');
      await signIn(settings.signIn, {
        returnTo: withoutSignIn(window.location.href),
        userName: asked?.includes('@') ? asked : undefined,
      });
    } catch (error) {
      setPending(false);
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  useEffect(() => {
    if (problem) return;
    // A one-time link lands here with `?signIn=<user name>`: the issuer knows the person already.
    if (new URL(window.location.href).searchParams.has('signIn')) void start();
    else setFailure(takeSignInFailure());
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  useEffect(() => {
    // Back from the issuer's page the browser shows this one as it was left, on its way.
    const onPageShow = (event: PageTransitionEvent) => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener('pageshow', onPageShow);
    return () => window.removeEventListener('pageshow', onPageShow);
  }, []);

  return (
    <main id="content" className="relative isolate flex min-h-dvh flex-col overflow-hidden bg-bar text-on-bar">
      <Backdrop />
      <div className="mx-auto grid w-full max-w-6xl flex-1 content-center items-center gap-10 px-6 py-10 lg:grid-cols-[minmax(0,1fr)_400px] lg:gap-16">
        <div>
          <p className="flex items-center gap-2.5 text-lg font-[650] tracking-[-0.01em]">
            <BrandMark size={28} /> Flexdeck
          </p>
          <h1 className="mt-6 max-w-xl text-[clamp(1.75rem,4.5vw,2.75rem)] leading-[1.12] font-[640] tracking-[-0.025em]">
            One deck for all your MySQL flexible servers
          </h1>
          <p className="mt-4 max-w-lg text-lg text-on-bar-2">
            Real MySQL behind Azure’s own API, in Azure or on this machine: the same portal, the same commands, the same
            answers.
          </p>
          <ul className="mt-8 hidden max-w-lg gap-3.5 sm:grid">
            {facts.map(({ icon: Icon, text }) => (
              <li key={text} className="flex gap-3 text-on-bar-2">
                <Icon size={18} strokeWidth={1.5} aria-hidden className="mt-px shrink-0 text-[#8cc4ff]" />
                {text}
              </li>
            ))}
          </ul>
        </div>
        <section aria-labelledby="sign-in" className="rounded-xl bg-surface p-6 text-text shadow-high">
          <h2 id="sign-in" className="text-lg font-semibold">
            Sign in to {settings.cloudName}
          </h2>
          <p className="mt-1 mb-5 text-text-2">
            {pending
              ? 'On the way to the sign-in page…'
              : `With your account at ${new URL(settings.signIn.authority).host}.`}
          </p>
          {(problem ?? failure) && (
            <div className="mb-4">
              <Notice
                tone="bad"
                title={problem ? 'Nobody can sign in at the moment.' : 'Signing in did not work.'}
                live
              >
                {problem ?? failure}
              </Notice>
            </div>
          )}
          <Button
            variant="primary"
            icon={LogIn}
            pending={pending}
            onClick={problem ? () => window.location.reload() : () => void start()}
            onPointerEnter={problem ? undefined : () => void loadMsal(settings.signIn)}
            className="h-10! w-full"
          >
            {problem ? 'Try again' : 'Sign in'}
          </Button>
          <p className="mt-4 text-xs text-text-3">
            The portal keeps nothing: your token stays in this tab, and is only passed on to Resource Manager.
          </p>
        </section>
      </div>
    </main>
  );
}

/** A grid that fades out, and light from where the servers stand. */
function Backdrop() {
  return (
    <div
      aria-hidden
      className="absolute inset-0 -z-10 bg-[radial-gradient(60rem_40rem_at_85%_-10%,rgb(63_134_224/0.28),transparent_70%),radial-gradient(50rem_36rem_at_5%_110%,rgb(47_95_158/0.3),transparent_70%)] before:absolute before:inset-0 before:bg-[linear-gradient(rgb(255_255_255/0.05)_1px,transparent_1px),linear-gradient(90deg,rgb(255_255_255/0.05)_1px,transparent_1px)] before:[mask-image:radial-gradient(70rem_50rem_at_75%_20%,black,transparent_75%)] before:bg-size-[44px_44px]"
    />
  );
}

function withoutSignIn(href: string): string {
  const url = new URL(href);
  url.searchParams.delete('signIn');
  return url.href;
}
