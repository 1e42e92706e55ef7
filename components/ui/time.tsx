'use client';

import { useContext, useSyncExternalStore } from 'react';
import { formatRelative, formatTime, formatUtc } from './format-time';
import { InGrid } from './grid-context';
import { Tooltip } from './tooltip';

interface TimeProps {
  /** ISO 8601, milliseconds or Date. */
  value: string | number | Date;
  /** `absolute` in the person's zone (default), `relative` to now, `zoned` with UTC written beside it. */
  mode?: 'absolute' | 'relative' | 'zoned';
  seconds?: boolean;
}

/** A moment. The hint on hover and focus has the local time, its zone and UTC. */
export function Time({ value, mode = 'absolute', seconds }: TimeProps) {
  const inGrid = useContext(InGrid);
  const date = new Date(value);
  const now = useNow(mode === 'relative');
  if (Number.isNaN(date.getTime())) return <span>unknown</span>;
  const local = formatTime(date, { seconds });
  const words = mode === 'relative' ? formatRelative(date, now) : local;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Tooltip content={`${formatTime(date, { seconds: true })} ${zone} · ${formatUtc(date)}`}>
      <time
        dateTime={date.toISOString()}
        tabIndex={inGrid ? undefined : 0}
        suppressHydrationWarning
        className={mode === 'zoned' ? 'rounded-sm' : 'rounded-sm whitespace-nowrap'}
      >
        {words}
        {mode === 'zoned' && <span className="text-text-3"> ({formatUtc(date)})</span>}
      </time>
    </Tooltip>
  );
}

const listeners = new Set<() => void>();
let ticker: ReturnType<typeof setInterval> | undefined;
let current = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (ticker === undefined) current = Date.now();
  ticker ??= setInterval(() => {
    current = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(ticker);
      ticker = undefined;
    }
  };
}

const noSubscription = () => () => {};

/** Now, once a second while `ticking`; one timer for the whole page. */
export function useNow(ticking = true): Date {
  const milliseconds = useSyncExternalStore(
    ticking ? subscribe : noSubscription,
    () => current,
    () => current,
  );
  return new Date(milliseconds);
}
