'use client';

import { lazy, Suspense } from 'react';
import type { DialogProps, SidePaneProps } from './modal';

/** What every dialog and pane stands in, ahead of its use. */
export const loadModal = () => import('./modal');
const DialogModal = lazy(() => loadModal().then((module) => ({ default: module.DialogModal })));
const SidePaneModal = lazy(() => loadModal().then((module) => ({ default: module.SidePaneModal })));

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
