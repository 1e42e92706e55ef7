import type { ReactNode } from 'react';
import { useId } from 'react';
import { classNames } from './class-names';

interface CardProps {
  title?: ReactNode;
  /** Small words at the right of the title: a range, a unit. */
  aside?: ReactNode;
  /** Fills the card edge to edge (tables, lists); otherwise the content is padded. */
  flush?: boolean;
  className?: string;
  children: ReactNode;
}

/** A titled surface. Cards stand side by side, never in each other. */
export function Card({ title, aside, flush, className, children }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={classNames(
        'min-w-0 rounded-card border border-line bg-surface',
        // What fills the card ends where its corners do.
        flush && 'overflow-clip',
        className,
      )}
    >
      {title && (
        <header className="flex min-h-[43px] flex-wrap items-center gap-x-2.5 border-b border-line px-4 py-2">
          <h2 id={id} className="grow text-md font-semibold">
            {title}
          </h2>
          {aside && <div className="flex items-center gap-2 text-xs text-text-3">{aside}</div>}
        </header>
      )}
      {flush ? children : <div className="px-4 py-3">{children}</div>}
    </section>
  );
}

/** A part of a form or page with a heading and no box. */
export function Section({
  title,
  description,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-1.5 text-md font-semibold">
        {title}
      </h2>
      {description && <p className="mb-2 max-w-prose text-text-2">{description}</p>}
      {children}
    </section>
  );
}
