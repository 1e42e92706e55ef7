import type { ReactNode } from 'react';
import { CopyButton } from './copy-button';

interface CodeBlockProps {
  code: string;
  /** What it is: name of the scrollable region, and the caption. */
  label: string;
  /** Shown above the code; absent means only the copy button floats over it. */
  caption?: ReactNode;
  /** Highest height (px or CSS) before it scrolls. */
  maxHeight?: number | string;
}

/** Code to read and to copy; long lines scroll within. */
export function CodeBlock({ code, label, caption, maxHeight = 420 }: CodeBlockProps) {
  return (
    <figure className="relative min-w-0 rounded-card border border-line bg-sunken">
      {caption && (
        <figcaption className="border-b border-line px-3 py-1.5 pr-10 text-xs text-text-3">{caption}</figcaption>
      )}
      {/* Lines that are longer scroll beneath it, out of sight. */}
      <div className="absolute top-1 right-0 rounded-r-card bg-sunken pr-1">
        <CopyButton text={code} label={`Copy ${label}`} />
      </div>
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="overflow-auto px-3 py-2.5 pr-10 font-mono text-sm leading-5"
        style={{ maxHeight }}
      >
        <code>{code}</code>
      </pre>
    </figure>
  );
}
