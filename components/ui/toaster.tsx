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
  );
}
