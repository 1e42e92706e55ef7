'use client';

import { lazy, Suspense } from 'react';

const Sonner = lazy(() => import('sonner').then((module) => ({ default: module.Toaster })));

/** Where toasts appear; once, in the frame. */
export function Toasts({ theme }: { theme: 'light' | 'dark' | 'system' }) {
  return (
    <Suspense fallback={null}>
      <Sonner
        theme={theme}
        position="bottom-right"
        closeButton
        toastOptions={{
          style: {
            background: 'var(--surface)',
            color: 'var(--text)',
            border: '1px solid var(--line)',
            font: 'inherit',
            boxShadow: 'var(--shadow-high)',
          },
        }}
      />
    </Suspense>
  );
}

interface ToastOptions {
  description?: string;
  action?: { label: string; onClick: () => void };
}

/** Says in passing that something happened; what matters must also stand on the page or in the bell. */
export async function notify(tone: 'ok' | 'bad' | 'info', title: string, options: ToastOptions = {}): Promise<void> {
  const { toast } = await import('sonner');
  const show = tone === 'ok' ? toast.success : tone === 'bad' ? toast.error : toast.info;
  show(title, { description: options.description, action: options.action, duration: tone === 'bad' ? 12_000 : 5_000 });
}
