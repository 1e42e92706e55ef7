'use client';

import { Check, type LucideIcon } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useMemo, type ReactNode } from 'react';
import {
  Header,
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  Popover,
  Text,
} from 'react-aria-components/Menu';
import { RouterProvider } from 'react-aria-components';
import { classNames } from './class-names';

export interface MenuItem {
  id: string;
  label: string;
  icon?: LucideIcon;
  /** Small words under the label; the reason where it is disabled. */
  description?: string;
  /** Goes there; otherwise `onSelect` runs. */
  href?: string;
  onSelect?: () => void;
  /** Shows a tick: for choices. */
  checked?: boolean;
  disabledReason?: string | null | false;
  tone?: 'normal' | 'danger';
}

export interface MenuSection {
  title?: string;
  items: MenuItem[];
  /** Ticks stay open and several can be chosen. */
  multiple?: boolean;
}

interface MenuPopoverProps {
  trigger: HTMLElement | null;
  label: string;
  /** Words above the items. */
  header?: ReactNode;
  sections: MenuSection[];
  onClose: () => void;
}

/** The part of `Menu` that is loaded on demand; use `Menu`. */
export function MenuPopover({ trigger, label, header, sections, onClose }: MenuPopoverProps) {
  const router = useRouter();
  const triggerRef = useMemo(() => ({ current: trigger }), [trigger]);
  const items = sections.flatMap((section) => section.items);
  return (
    <RouterProvider navigate={(href) => router.push(href)}>
      <Popover
        triggerRef={triggerRef}
        aria-label={label}
        isOpen
        onOpenChange={(open) => !open && onClose()}
        placement="bottom end"
        className="max-w-[min(22rem,calc(100vw-1rem))] min-w-52 overflow-auto rounded-card border border-line bg-surface p-1 shadow-high data-entering:animate-[fade-in_120ms]"
      >
        {header && <div className="border-b border-line px-2.5 pt-1.5 pb-2">{header}</div>}
        <AriaMenu
          aria-label={label}
          autoFocus="first"
          onClose={onClose}
          disabledKeys={items.filter((item) => item.disabledReason).map((item) => item.id)}
          onAction={(key) => items.find((item) => item.id === key)?.onSelect?.()}
          className="outline-none"
        >
          {sections.map((section, index) => (
            <MenuGroup key={section.title ?? index} section={section} divided={index > 0} />
          ))}
        </AriaMenu>
      </Popover>
    </RouterProvider>
  );
}

function MenuGroup({ section, divided }: { section: MenuSection; divided: boolean }) {
  const choice = section.items.some((item) => item.checked !== undefined);
  return (
    <AriaMenuSection
      aria-label={section.title ?? 'Actions'}
      selectionMode={choice ? (section.multiple ? 'multiple' : 'single') : 'none'}
      selectedKeys={section.items.filter((item) => item.checked).map((item) => item.id)}
      shouldCloseOnSelect={!section.multiple}
      className={divided ? 'mt-1 border-t border-line pt-1' : undefined}
    >
      {section.title && (
        <Header className="px-2.5 pt-1.5 pb-1 text-2xs font-semibold text-text-3">{section.title}</Header>
      )}
      {section.items.map((item) => menuItem(item, choice))}
    </AriaMenuSection>
  );
}

function menuItem(item: MenuItem, choice: boolean) {
  const hint = item.disabledReason || item.description;
  const Icon = item.icon;
  return (
    <AriaMenuItem
      key={item.id}
      id={item.id}
      textValue={item.label}
      href={item.href}
      className={classNames(
        'flex min-h-[30px] cursor-pointer items-center gap-2.5 rounded px-2.5 py-1 no-underline outline-none data-disabled:cursor-default data-disabled:text-text-3 data-focused:bg-accent-weak pointer-coarse:min-h-10',
        item.tone === 'danger' && 'text-bad',
      )}
    >
      {choice && (
        <Check
          size={14}
          strokeWidth={2}
          aria-hidden
          className={item.checked ? 'shrink-0 text-accent' : 'invisible shrink-0'}
        />
      )}
      {Icon && <Icon size={16} strokeWidth={1.6} aria-hidden className="shrink-0" />}
      <span className="min-w-0">
        <Text slot="label" className="block">
          {item.label}
        </Text>
        {hint && (
          <Text slot="description" className="block text-xs text-text-3 [overflow-wrap:anywhere]">
            {hint}
          </Text>
        )}
      </span>
    </AriaMenuItem>
  );
}
