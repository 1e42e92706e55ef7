'use client';

import { useEffect } from 'react';
import { Toaster as Sonner } from 'sonner';

interface ToasterProps {
  theme: 'light' | 'dark' | 'system';
  /** From then on toasts are shown; those before would be lost. */
  onMounted: () => void;
}

/** The part of `Toasts` that is loaded on demand. */
export function Toaster({ theme, onMounted }: ToasterProps) {
  useEffect(onMounted, [onMounted]);
  return (
    <Sonner
      theme={theme}
      position="bottom-right"
      closeButton
      // Above a form's footer, whose buttons stay within reach.
      offset={{ bottom: 64, right: 16 }}
      mobileOffset={{ bottom: 72 }}
      style={{ fontFamily: 'var(--font-sans)', fontSize: 'var(--text-base)' }}
      toastOptions={{
        style: {
          background: 'var(--surface)',
          color: 'var(--text)',
          border: '1px solid var(--line)',
          fontSize: 'inherit',
          boxShadow: 'var(--shadow-high)',
        },
      }}
    />
  );
}
