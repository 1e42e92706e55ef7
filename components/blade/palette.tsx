'use client';

import { useQueries } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { ArchiveRestore, CornerDownLeft, House, LogOut, Plus, Search, Server, Tag } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { serverKeyOf, type ServerKey } from '@/lib/arm/resource-id';
import { signOut } from '@/lib/auth/session';
import { paths } from '@/lib/paths';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { serversQuery } from '@/lib/queries/servers';
import { useChosenSubscriptions } from './chosen-subscriptions';
import { serverMenu } from './server-frame';
import { useThemeItems } from './theme-choice';

const MOST_SERVERS = 50;

/** Search and commands: servers, pages, actions, and resource ids that are pasted in. */
export function Palette({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const pathname = usePathname();
  const [text, setText] = useState('');
  const themes = useThemeItems();
  const servers = useServers();
  const typed = text.trim().toLowerCase();
  const pasted = serverKeyOf(text.trim());
  const here = serverOfPath(pathname);
  const hasLocalParts = useFlexdeckLocal(here?.subscriptionId ?? '');
  const { chosen } = useChosenSubscriptions();
  const isLocal = useFlexdeckLocal(chosen[0]?.subscriptionId ?? '');
  const run = (action: () => void) => () => {
    onClose();
    action();
  };
  const go = (href: string) => run(() => router.push(href));
  const found = servers
    .filter((server) => `${server.name} ${server.id}`.toLowerCase().includes(typed))
    .slice(0, MOST_SERVERS);

  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="fixed inset-0 z-50 flex h-(--visual-viewport-height) items-start justify-center bg-scrim data-entering:animate-[fade-in_120ms] sm:p-6 sm:pt-[10vh]"
    >
      <Modal className="flex max-h-full w-full overflow-hidden border-line bg-surface text-text shadow-high sm:max-h-[70vh] sm:max-w-xl sm:rounded-xl sm:border">
        <Dialog aria-label="Search" className="flex min-h-0 w-full flex-col outline-none">
          <Command label="Search servers, actions, resource ids" className="flex min-h-0 flex-col">
            <div className="flex items-center gap-2.5 border-b border-line px-4">
              <Search size={17} strokeWidth={1.6} aria-hidden className="text-text-3" />
              <Command.Input
                autoFocus
                value={text}
                onValueChange={setText}
                placeholder="Search servers, actions, or paste a resource id"
                className="h-12 w-full bg-transparent text-lg outline-none placeholder:text-text-3"
              />
              <button type="button" onClick={onClose} className="rounded px-2 py-1 text-xs text-text-3 hover:bg-sunken">
                Esc
              </button>
            </div>
            <Command.List className="min-h-0 overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-6 text-center text-text-3">Nothing has this in its name.</Command.Empty>
              {pasted && (
                <Group heading="Resource id">
                  <Item
                    icon={CornerDownLeft}
                    value={text}
                    onSelect={go(paths.server(pasted))}
                    aside={pasted.resourceGroup}
                  >
                    Open {pasted.serverName}
                  </Item>
                </Group>
              )}
              {here && (
                <Group heading={here.serverName}>
                  {serverMenu(here, hasLocalParts).flatMap((group) =>
                    group.items.map((item) => (
                      <Item
                        key={item.href}
                        icon={item.icon}
                        value={`${here.serverName} ${item.label} here`}
                        onSelect={go(item.href)}
                      >
                        {item.label}
                      </Item>
                    )),
                  )}
                </Group>
              )}
              {found.length > 0 && (
                <Group heading="Servers">
                  {found.map((server) => (
                    <Item
                      key={server.id}
                      icon={Server}
                      value={server.id}
                      onSelect={go(paths.server(server.key))}
                      aside={server.key.resourceGroup}
                    >
                      {server.name}
                    </Item>
                  ))}
                </Group>
              )}
              <Group heading="Go to">
                <Item icon={House} value="Home" onSelect={go(paths.home())}>
                  Home
                </Item>
                <Item icon={Server} value="Servers browse all" onSelect={go(paths.servers())}>
                  Servers
                </Item>
                <Item icon={Plus} value="Create a MySQL flexible server new" onSelect={go(paths.createServer())}>
                  Create a MySQL flexible server
                </Item>
                {isLocal && (
                  <Item
                    icon={ArchiveRestore}
                    value="Deleted servers restore recover"
                    onSelect={go(paths.deletedServers())}
                  >
                    Deleted servers
                  </Item>
                )}
              </Group>
              <Group heading="Settings">
                {themes.map((theme) => (
                  <Item
                    key={theme.id}
                    icon={theme.icon ?? Tag}
                    value={`Theme ${theme.label}`}
                    onSelect={run(() => theme.onSelect?.())}
                  >
                    Theme: {theme.label}
                  </Item>
                ))}
                <Item icon={LogOut} value="Sign out" onSelect={run(() => void signOut())}>
                  Sign out
                </Item>
              </Group>
            </Command.List>
          </Command>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-semibold [&_[cmdk-group-heading]]:text-text-3"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  icon: LucideIcon;
  value: string;
  onSelect: () => void;
  aside?: string;
  children: ReactNode;
}

function Item({ icon: Icon, value, onSelect, aside, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded px-2.5 py-1 data-[selected=true]:bg-accent-weak"
    >
      <Icon size={16} strokeWidth={1.6} aria-hidden className="shrink-0 text-text-2" />
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {aside && <span className="max-w-48 truncate text-xs text-text-3">{aside}</span>}
    </Command.Item>
  );
}

/** Servers of the chosen subscriptions that are known by now; a subscription that fails leaves the others. */
function useServers(): { id: string; name: string; key: ServerKey }[] {
  const { chosen } = useChosenSubscriptions();
  const results = useQueries({ queries: chosen.map(({ subscriptionId }) => serversQuery(subscriptionId)) });
  return results
    .flatMap((result) => result.data ?? [])
    .flatMap(({ id, name }) => {
      const key = serverKeyOf(id);
      return key ? [{ id, name, key }] : [];
    });
}

/** The server whose blade is open. */
function serverOfPath(pathname: string): ServerKey | undefined {
  const [first, subscriptionId, resourceGroup, serverName, blade] = pathname
    .split('/')
    .filter(Boolean)
    .map(decodeURIComponent);
  if (first !== 'servers' || !subscriptionId || !resourceGroup || !serverName || !blade) return undefined;
  return { subscriptionId, resourceGroup, serverName };
}
