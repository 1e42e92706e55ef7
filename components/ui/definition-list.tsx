import type { ReactNode } from 'react';
import { Breakable } from './breakable';
import { classNames } from './class-names';
import { CopyButton } from './copy-button';

export interface Definition {
  term: string;
  value: ReactNode;
  /** Text that a copy button beside the value copies. */
  copy?: string;
  /** Ids, addresses, commands. */
  mono?: boolean;
}

interface DefinitionListProps {
  items: Definition[];
  /** 2 beside each other where there is room (essentials), or always 1. */
  columns?: 1 | 2;
  /** Whether what it stands in leaves it room at its edges: a card that is not flush. */
  inset?: boolean;
}

/** Labels left, values aligned: the essentials of a resource. */
export function DefinitionList({ items, columns = 2, inset }: DefinitionListProps) {
  return (
    <dl className={classNames('grid gap-x-12', !inset && 'px-4 pt-2 pb-3', columns === 2 && 'md:grid-cols-2')}>
      {items.map(({ term, value, copy, mono }) => (
        <div
          key={term}
          className="grid min-w-0 grid-cols-[112px_minmax(0,1fr)] gap-2 sm:grid-cols-[minmax(104px,148px)_minmax(0,1fr)] py-[5px]"
        >
          <dt className="text-text-3">{term}</dt>
          <dd className={classNames('flex min-w-0 items-start gap-1.5', mono && 'font-mono text-sm')}>
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {mono && typeof value === 'string' ? <Breakable text={value} /> : value}
            </span>
            {copy !== undefined && (
              <CopyButton text={copy} label={`Copy ${term.toLowerCase()}`} className="-my-[3px]" />
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
