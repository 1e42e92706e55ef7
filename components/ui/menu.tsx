'use client';

import type { LucideIcon } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';

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

export interface MenuPopoverProps {
  trigger: HTMLElement | null;
  label: string;
  /** Words above the items. */
  header?: ReactNode;
  sections: MenuSection[];
  onClose: () => void;
}

interface MenuProps {
  label: string;
  header?: ReactNode;
  sections: MenuSection[];
  /** Draws the button: spread the props on a `<button>` (Button, IconButton). */
  children: (trigger: {
    ref: (element: HTMLButtonElement | null) => void;
    onClick: () => void;
    onPointerEnter: () => void;
    'aria-haspopup': 'menu';
    'aria-expanded': boolean;
  }) => ReactNode;
}

const load = () => import('./menu-popover');
const MenuPopover = lazy(() => load().then((module) => ({ default: module.MenuPopover })));

/** A menu under a button. Its code is fetched when the pointer comes near or on the first click. */
export function Menu({ label, header, sections, children }: MenuProps) {
  const [trigger, setTrigger] = useState<HTMLButtonElement | null>(null);
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      {children({
        ref: setTrigger,
        onClick: () => setOpen(!isOpen),
        onPointerEnter: () => void load(),
        'aria-haspopup': 'menu',
        'aria-expanded': isOpen,
      })}
      {isOpen && (
        <Suspense fallback={null}>
          <MenuPopover {...{ trigger, label, header, sections }} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
