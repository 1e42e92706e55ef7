'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './icon-button';

interface CopyButtonProps {
  text: string;
  /** What is copied, e.g. "Copy endpoint". */
  label?: string;
  size?: 24 | 30;
  className?: string;
}

/** Copies text and says so, on the button and to screen readers. */
export function CopyButton({ text, label = 'Copy', size = 24, className }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(null), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const words = outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'The browser refused to copy' : null;
  return (
    <>
      <IconButton
        icon={outcome === 'copied' ? Check : Copy}
        label={words ?? label}
        size={size}
        className={className}
        onClick={() => {
          navigator.clipboard.writeText(text).then(
            () => setOutcome('copied'),
            () => setOutcome('refused'),
          );
        }}
      />
      <span role="status" className="sr-only">
        {words}
      </span>
    </>
  );
}
