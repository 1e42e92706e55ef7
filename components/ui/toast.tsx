'use client';

import { lazy, Suspense, useSyncExternalStore } from 'react';

const Toaster = lazy(() => import('./toaster').then((module) => ({ default: module.Toaster })));

let wanted = false;
const listeners = new Set<() => void>();
let announceMounted = () => {};
const mounted = new Promise<void>((settle) => {
  announceMounted = settle;
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where toasts appear; once, in the frame. Its code is fetched for the first toast. */
export function Toasts({ theme }: { theme: 'light' | 'dark' | 'system' }) {
  const show = useSyncExternalStore(
    subscribe,
    () => wanted,
    () => false,
  );
  return show ? (
    <Suspense fallback={null}>
      <Toaster theme={theme} onMounted={announceMounted} />
    </Suspense>
  ) : null;
}

interface ToastOptions {
  description?: string;
  action?: { label: string; onClick: () => void };
}

/** Says in passing that something happened; what matters must also stand on the page or in the bell. */
export async function notify(tone: 'ok' | 'bad' | 'info', title: string, options: ToastOptions = {}): Promise<void> {
  wanted = true;
  for (const listener of listeners) listener();
  const [{ toast }] = await Promise.all([import('sonner'), mounted]);
  const show = tone === 'ok' ? toast.success : tone === 'bad' ? toast.error : toast.info;
  show(title, {
    description: options.description,
    action: options.action,
    duration: tone === 'bad' ? 12_000 : 5_000,
  });
}
