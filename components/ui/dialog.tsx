'use client';

import { lazy, Suspense, type ReactNode } from 'react';

export interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  /** Buttons, the primary one first. */
  footer?: ReactNode;
  /** `alert` for what must be answered. */
  role?: 'dialog' | 'alertdialog';
  width?: 'narrow' | 'normal' | 'wide';
  children: ReactNode;
}

export interface SidePaneProps {
  isOpen: boolean;
  onClose: () => void;
  title: ReactNode;
  subtitle?: ReactNode;
  footer?: ReactNode;
  width?: 'normal' | 'wide';
  /** From the right, for forms and details; from the left, for the menu on phones. */
  side?: 'right' | 'left';
  children: ReactNode;
}

const DialogModal = lazy(() => import('./modal').then((module) => ({ default: module.DialogModal })));
const SidePaneModal = lazy(() => import('./modal').then((module) => ({ default: module.SidePaneModal })));

/** A question or a short form over the page. Esc closes, focus returns to the opener. Loaded when first opened. */
export function Dialog(props: DialogProps) {
  return props.isOpen ? (
    <Suspense fallback={null}>
      <DialogModal {...props} />
    </Suspense>
  ) : null;
}

/** A context pane from the right, the whole screen on phones. Esc closes, focus returns to the opener. */
export function SidePane(props: SidePaneProps) {
  return props.isOpen ? (
    <Suspense fallback={null}>
      <SidePaneModal {...props} />
    </Suspense>
  ) : null;
}
