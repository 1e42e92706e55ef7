'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronDown, CircleUser, KeyRound, LogOut, Moon, Search, Sun, UserRoundCog } from 'lucide-react';
import NextLink from 'next/link';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Menu } from '@/components/ui/menu';
import type { MenuSection } from '@/components/ui/menu-popover';
import { signInAgain, signOut } from '@/lib/auth/session';
import { paths } from '@/lib/paths';
import { tenantsQuery } from '@/lib/queries/tenants';
import { BrandMark } from './brand';
import { useChosenSubscriptions } from './chosen-subscriptions';
import { OperationsBell } from './operations-bell';
import { usePortalConfig } from './portal-config';
import { useThemeItems } from './theme-choice';
import { useSession } from './use-session';

const loadPalette = () => import('./palette');
const Palette = lazy(() => loadPalette().then((module) => ({ default: module.Palette })));

const barButton =
  'h-8 min-w-8 items-center justify-center gap-1.5 rounded px-2 text-on-bar outline-offset-[-2px] hover:bg-[rgb(255_255_255/0.1)] focus-visible:outline-[#8cc4ff]';

/** The bar on top of every page. */
export function TopBar() {
  const [paletteOpen, setPaletteOpen] = useState(false);
  usePaletteKeys(() => setPaletteOpen(true));
  return (
    <header
      data-frame
      className="sticky top-0 z-30 flex h-[44px] items-center gap-1 bg-bar px-2 text-on-bar sm:gap-2 sm:px-3"
    >
      <NextLink
        href={paths.home()}
        prefetch={false}
        className={`inline-flex ${barButton} font-[650] tracking-[-0.01em]`}
      >
        <BrandMark />
        Flexdeck
      </NextLink>
      <SubscriptionPicker />
      <button
        type="button"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K /"
        onPointerEnter={() => void loadPalette()}
        onClick={() => setPaletteOpen(true)}
        className="ml-auto flex h-8 min-w-8 items-center justify-center gap-2 rounded border border-[rgb(255_255_255/0.14)] bg-[rgb(255_255_255/0.08)] px-2.5 text-on-bar-2 hover:bg-[rgb(255_255_255/0.14)] focus-visible:outline-[#8cc4ff] sm:mx-auto sm:h-7 sm:flex-[0_1_460px] sm:justify-start"
      >
        <Search size={15} strokeWidth={1.6} aria-hidden />
        <span className="sr-only truncate sm:not-sr-only">Search servers, actions, resource ids</span>
        <kbd className="ml-auto hidden rounded border border-[rgb(255_255_255/0.22)] px-1.5 font-mono text-2xs sm:block">
          Ctrl K
        </kbd>
      </button>
      <OperationsBell className={`inline-flex ${barButton}`} />
      <ThemeButton />
      <AccountMenu />
      {paletteOpen && (
        <Suspense fallback={null}>
          <Palette onClose={() => setPaletteOpen(false)} />
        </Suspense>
      )}
    </header>
  );
}

/** `Ctrl K` (`⌘ K`) anywhere, and `/` outside of fields. */
function usePaletteKeys(open: () => void) {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const inField =
        event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable=true]');
      const byLetter =
        event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
      const bySlash = event.key === '/' && !inField && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!byLetter && !bySlash) return;
      event.preventDefault();
      open();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  });
}

function useSubscriptionSection(): MenuSection[] {
  const { all, chosen, query, toggle } = useChosenSubscriptions();
  if (!all) {
    const words = query.error ? query.error.message : 'Loading…';
    return [{ title: 'Subscriptions', items: [{ id: 'none', label: 'Subscriptions', disabledReason: words }] }];
  }
  return [
    {
      title: 'Subscriptions in lists',
      multiple: true,
      items: all.map((subscription) => {
        const checked = chosen.some((other) => other.subscriptionId === subscription.subscriptionId);
        return {
          id: subscription.subscriptionId,
          label: subscription.displayName,
          description: subscription.subscriptionId,
          checked,
          disabledReason: checked && chosen.length === 1 && 'At least one is shown',
          onSelect: () => toggle(subscription),
        };
      }),
    },
  ];
}

function SubscriptionPicker() {
  const { cloudName } = usePortalConfig();
  const { all, chosen } = useChosenSubscriptions();
  const sections = useSubscriptionSection();
  const only = chosen.length === 1 ? chosen[0]?.displayName : undefined;
  return (
    <Menu label="Cloud and subscriptions" header={<CloudAndTenant />} sections={sections}>
      {(trigger) => (
        <button type="button" {...trigger} className={`hidden ${barButton} text-on-bar-2 md:inline-flex`}>
          <span className="sr-only">Cloud and subscriptions: </span>
          {cloudName}
          {all && (
            <span className="hidden max-w-56 truncate lg:inline">
              · {only ?? `${chosen.length} of ${all.length} subscriptions`}
            </span>
          )}
          <ChevronDown size={13} aria-hidden />
        </button>
      )}
    </Menu>
  );
}

/** Drawn when the menu opens: the tenant is asked for then. */
function CloudAndTenant() {
  const { cloudName } = usePortalConfig();
  const state = useSession();
  const { data: tenants } = useQuery(tenantsQuery());
  const tenantId = state.status === 'signedIn' || state.status === 'expired' ? state.account.tenantId : undefined;
  const tenant = tenants?.find((known) => known.tenantId === tenantId);
  return (
    <>
      <b className="font-semibold">{cloudName}</b>
      <p className="text-xs [overflow-wrap:anywhere] text-text-3">
        Tenant {tenant?.displayName ?? tenant?.defaultDomain ?? tenantId}
      </p>
    </>
  );
}

function ThemeButton() {
  const items = useThemeItems();
  return (
    <Menu label="Theme" sections={[{ title: 'Theme', items }]}>
      {(trigger) => (
        <button type="button" {...trigger} aria-label="Theme" className={`hidden ${barButton} sm:inline-flex`}>
          <Sun size={16} strokeWidth={1.6} aria-hidden className="dark:hidden" />
          <Moon size={16} strokeWidth={1.6} aria-hidden className="not-dark:hidden" />
        </button>
      )}
    </Menu>
  );
}

function AccountMenu() {
  const state = useSession();
  const { cloudName, signIn } = usePortalConfig();
  const themes = useThemeItems();
  const subscriptions = useSubscriptionSection();
  const account = state.status === 'signedIn' || state.status === 'expired' ? state.account : null;
  return (
    <Menu
      label="Account"
      header={
        account && (
          <>
            <b className="font-semibold">{account.name}</b>
            <p className="text-xs text-text-3 [overflow-wrap:anywhere]">
              {account.userName} · {cloudName}
            </p>
          </>
        )
      }
      sections={[
        ...(isNarrow() ? [...subscriptions, { title: 'Theme', items: themes }] : []),
        {
          items: [
            ...(signIn.passwordPage
              ? [{ id: 'password', label: 'Set a password', icon: KeyRound, href: signIn.passwordPage }]
              : []),
            {
              id: 'switch',
              label: 'Sign in as somebody else',
              icon: UserRoundCog,
              onSelect: () => void signInAgain({ asSomebodyElse: true }),
            },
            { id: 'sign-out', label: 'Sign out', icon: LogOut, onSelect: () => void signOut() },
          ],
        },
      ]}
    >
      {(trigger) => (
        <button
          type="button"
          {...trigger}
          aria-label={account ? `Account: ${account.userName}` : 'Account'}
          className={`inline-flex ${barButton}`}
        >
          <CircleUser size={17} strokeWidth={1.6} aria-hidden />
          <span className="hidden max-w-44 truncate lg:inline">
            {account?.userName ?? <span className="inline-block w-20" />}
          </span>
        </button>
      )}
    </Menu>
  );
}

/** On phones the account menu also holds what the bar has no room for. Asked when the menu is drawn, after a click. */
function isNarrow(): boolean {
  return typeof window !== 'undefined' && window.matchMedia('(max-width: 767px)').matches;
}
