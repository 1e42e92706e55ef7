'use client';

import { Check, CircleAlert } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { classNames } from './class-names';

export interface Tab {
  id: string;
  label: ReactNode;
  /** Validation: `done` is ticked, `wrong` has errors. */
  mark?: 'done' | 'wrong';
  /** Number at the right of the label. */
  count?: number;
  content: ReactNode;
}

interface TabsProps {
  /** Name of the list for screen readers. */
  label: string;
  tabs: Tab[];
  /** Padding of the list; `page` aligns with the blade's title. */
  inset?: 'page' | 'none';
}

/** Tabs whose choice is in the URL, under `param`; the first tab has no entry there. Back goes to the tab before. */
export function UrlTabs({ param = 'tab', ...rest }: TabsProps & { param?: string }) {
  const first = rest.tabs[0]?.id ?? '';
  const [value, setValue] = useQueryState(param, parseAsString.withDefault(first).withOptions({ history: 'push' }));
  const known = rest.tabs.some((tab) => tab.id === value) ? value : first;
  return <Tabs {...rest} value={known} onChange={(id) => void setValue(id === first ? null : id)} />;
}

/** Tabs whose choice the caller holds. Arrow keys move, Home and End jump; panels that were left are not kept. */
export function Tabs({
  label,
  tabs,
  value,
  onChange,
  inset = 'none',
}: TabsProps & { value: string; onChange: (id: string) => void }) {
  const base = useId();
  const list = useRef<HTMLDivElement>(null);
  const chosen = tabs.find((tab) => tab.id === value) ?? tabs[0];
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === chosen?.id);
    const to =
      event.key === 'ArrowRight'
        ? (at + 1) % tabs.length
        : event.key === 'ArrowLeft'
          ? (at - 1 + tabs.length) % tabs.length
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? tabs.length - 1
              : -1;
    const next = tabs[to];
    if (!next) return;
    event.preventDefault();
    onChange(next.id);
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
  };
  return (
    <>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
        className={classNames('flex gap-5 overflow-x-auto border-b border-line', inset === 'page' && 'px-3.5 md:px-6')}
      >
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${base}-tab-${tab.id}`}
            aria-controls={`${base}-panel-${tab.id}`}
            aria-selected={tab.id === chosen?.id}
            tabIndex={tab.id === chosen?.id ? 0 : -1}
            onClick={() => onChange(tab.id)}
            className={classNames(
              'flex shrink-0 items-center gap-[7px] border-b-2 py-[9px] outline-offset-[-2px] whitespace-nowrap',
              tab.id === chosen?.id
                ? 'border-accent font-[560] text-text'
                : 'border-transparent text-text-2 hover:text-text',
            )}
          >
            {tab.mark === 'wrong' && <CircleAlert size={14} aria-hidden className="text-bad" />}
            {tab.mark === 'done' && <Check size={14} strokeWidth={2.25} aria-hidden className="text-ok" />}
            {tab.label}
            {tab.mark === 'wrong' && <span className="sr-only"> (has errors)</span>}
            {tab.count !== undefined && (
              <span className="rounded-full bg-off-weak px-1.5 text-2xs text-off">{tab.count}</span>
            )}
          </button>
        ))}
      </div>
      {chosen && (
        <div
          role="tabpanel"
          id={`${base}-panel-${chosen.id}`}
          aria-labelledby={`${base}-tab-${chosen.id}`}
          key={chosen.id}
        >
          {chosen.content}
        </div>
      )}
    </>
  );
}
