'use client';

import type { LucideIcon } from 'lucide-react';
import { Menu, PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import NextLink from 'next/link';
import { usePathname } from 'next/navigation';
import { useState, useSyncExternalStore, type ReactNode } from 'react';
import { classNames } from '@/components/ui/class-names';
import { SidePane } from '@/components/ui/dialog';
import { MENU_COOKIE } from '@/lib/paths';

export interface ResourceMenuGroup {
  /** The first group has none. */
  title?: string;
  items: { label: string; icon: LucideIcon; href: string }[];
}

interface ResourceFrameProps {
  /** The resource's name: title of the drawer on phones. */
  name: string;
  groups: ResourceMenuGroup[];
  children: ReactNode;
}

/** A resource's menu at the left (collapsible to icons; a drawer on phones) and its blade at the right. */
export function ResourceFrame({ name, groups, children }: ResourceFrameProps) {
  const pathname = usePathname();
  // Open at one address: going elsewhere closes it.
  const [drawerAt, setDrawerAt] = useState<string | null>(null);
  const here = groups.flatMap((group) => group.items).find((item) => item.href === pathname);
  return (
    <div className="flex min-w-0 flex-1 flex-col menu:flex-row">
      <div data-frame className="border-b border-line bg-surface px-1.5 py-1 menu:hidden">
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() => setDrawerAt(pathname)}
          className="flex h-9 w-full items-center gap-2 rounded px-2 hover:bg-sunken"
        >
          <Menu size={16} strokeWidth={1.6} aria-hidden className="shrink-0" />
          <span className="min-w-0 truncate">
            <span className="sr-only">Menu of </span>
            {name}{' '}
          </span>
          <span className="-ml-1 shrink-0 text-text-3">· {here?.label ?? 'Menu'}</span>
        </button>
      </div>
      <div
        data-frame
        className="sticky top-[44px] hidden h-[calc(100dvh-44px)] w-[232px] shrink-0 flex-col border-r border-line bg-surface menu:flex in-data-[menu=collapsed]:w-[53px]"
      >
        <MenuList name={name} groups={groups} pathname={pathname} />
        <CollapseButton />
      </div>
      <SidePane isOpen={drawerAt === pathname} onClose={() => setDrawerAt(null)} title={name} side="left">
        <MenuList name={name} groups={groups} pathname={pathname} inDrawer />
      </SidePane>
      {children}
    </div>
  );
}

function MenuList({
  name,
  groups,
  pathname,
  inDrawer,
}: {
  name: string;
  groups: ResourceMenuGroup[];
  pathname: string;
  inDrawer?: boolean;
}) {
  const fold = inDrawer ? undefined : 'in-data-[menu=collapsed]:sr-only';
  return (
    <nav aria-label={`Menu of ${name}`} className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto px-2 py-2.5">
      {groups.map((group, index) => (
        <div key={group.title ?? index}>
          {group.title && (
            <>
              <p
                className={classNames('mx-2.5 mt-3.5 mb-1 text-2xs font-semibold tracking-[0.02em] text-text-3', fold)}
              >
                {group.title}
              </p>
              {!inDrawer && <hr className="mx-1 my-2 hidden border-line in-data-[menu=collapsed]:block" />}
            </>
          )}
          <ul>
            {group.items.map(({ label, icon: Icon, href }) => {
              const current = pathname === href;
              return (
                <li key={href}>
                  <NextLink
                    href={href}
                    prefetch={false}
                    title={inDrawer ? undefined : label}
                    aria-current={current ? 'page' : undefined}
                    className={classNames(
                      'flex h-[30px] items-center gap-[9px] rounded px-2.5 whitespace-nowrap outline-offset-[-2px] pointer-coarse:h-10',
                      current
                        ? 'bg-accent-weak font-[560] text-text shadow-[inset_3px_0_var(--accent)]'
                        : 'text-text-2 hover:bg-sunken',
                    )}
                  >
                    <Icon size={16} strokeWidth={1.5} aria-hidden className="shrink-0" />
                    <span className={fold}>{label}</span>
                  </NextLink>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}

/** The choice is a cookie, so that the server draws the menu as it was left and nothing jumps. */
const changes = new EventTarget();

function CollapseButton() {
  const collapsed = useSyncExternalStore(
    (listener) => {
      changes.addEventListener('change', listener);
      return () => changes.removeEventListener('change', listener);
    },
    () => document.documentElement.dataset.menu === 'collapsed',
    () => false,
  );
  const Icon = collapsed ? PanelLeftOpen : PanelLeftClose;
  const words = collapsed ? 'Widen the menu' : 'Narrow the menu';
  return (
    <button
      type="button"
      title={words}
      aria-label={words}
      onClick={() => {
        const next = collapsed ? '' : 'collapsed';
        document.documentElement.dataset.menu = next;
        document.cookie = `${MENU_COOKIE}=${next}; Path=/; Max-Age=31536000; SameSite=Lax`;
        changes.dispatchEvent(new Event('change'));
      }}
      className="m-2 flex h-[30px] items-center gap-[9px] rounded px-2.5 text-text-3 hover:bg-sunken"
    >
      <Icon size={16} strokeWidth={1.5} aria-hidden className="shrink-0" />
      <span className="in-data-[menu=collapsed]:hidden">Narrow</span>
    </button>
  );
}
