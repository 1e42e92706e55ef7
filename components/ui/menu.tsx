'use client';

import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { MenuSection } from './menu-popover';

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
