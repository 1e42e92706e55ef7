'use client';

import { useEffect, type ReactNode } from 'react';
import { Breadcrumb, type Crumb } from '@/components/ui/breadcrumb';
import { classNames } from '@/components/ui/class-names';
import { CommandBar, type Command } from './command-bar';

interface BladeFrameProps {
  /** The way here; the last one, without `href`, is this page. */
  crumbs: Crumb[];
  title: string;
  /** The title of the browser's tab; `title` otherwise. */
  documentTitle?: string;
  /** State of the resource, beside the title. */
  pill?: ReactNode;
  /** What kind of thing it is ("MySQL flexible server"), or the resource's name on its blades. */
  type?: ReactNode;
  commands?: Command[];
  /** Sentences above the content, as `Notice`s. */
  notices?: ReactNode;
  /** A tab list under the commands, edge to edge. */
  tabs?: ReactNode;
  /** A `BladeFooter`. */
  footer?: ReactNode;
  /** `wide` uses the whole width (grids), `normal` stops at 1480 px. */
  width?: 'normal' | 'wide';
  children: ReactNode;
}

/** A blade: where one is, what it is, what can be done, what one should know, and the content. */
export function BladeFrame({
  crumbs,
  title,
  documentTitle,
  pill,
  type,
  commands,
  notices,
  tabs,
  footer,
  width = 'normal',
  children,
}: BladeFrameProps) {
  useEffect(() => {
    document.title = `${documentTitle ?? title} · Flexdeck`;
  }, [documentTitle, title]);
  return (
    <main id="content" tabIndex={-1} className="flex min-h-[calc(100dvh-44px)] min-w-0 flex-1 flex-col outline-none">
      <div className={classNames('px-3.5 pt-2.5 md:px-6', !commands && !tabs && 'border-b border-line pb-2.5')}>
        <Breadcrumb crumbs={crumbs} />
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-1 pb-2">
          <h1 className="text-xl font-[620] tracking-[-0.01em] [overflow-wrap:anywhere]">{title}</h1>
          {pill}
          {type && <span className="text-text-3">{type}</span>}
        </div>
      </div>
      {commands && (
        <div className={classNames('px-1.5 pb-2 md:px-4', !tabs && 'border-b border-line')}>
          <CommandBar commands={commands} />
        </div>
      )}
      {tabs}
      <div
        className={classNames(
          'grid content-start gap-[18px] px-3.5 py-[18px] pb-10 md:px-6',
          width === 'normal' && 'w-full max-w-[1480px]',
          '[&>*]:min-w-0',
        )}
      >
        {notices}
        {children}
      </div>
      {footer}
    </main>
  );
}
