import type { ReactNode } from 'react';
import { classNames } from './class-names';

export type Tone = 'ok' | 'warn' | 'bad' | 'off' | 'accent';

const look: Record<Tone, string> = {
  ok: 'bg-ok-weak text-ok',
  warn: 'bg-warn-weak text-warn',
  bad: 'bg-bad-weak text-bad',
  off: 'bg-off-weak text-off',
  accent: 'bg-accent-weak text-accent',
};

interface PillProps {
  tone?: Tone;
  /** The state is changing: the dot pulses. */
  busy?: boolean;
  children: ReactNode;
}

/** A state in a word. The word carries the meaning, the colour only helps. */
export function Pill({ tone = 'off', busy, children }: PillProps) {
  return (
    <span
      className={classNames(
        'inline-flex h-[22px] items-center gap-1.5 rounded-full px-2.5 text-xs font-[560] whitespace-nowrap',
        look[tone],
      )}
    >
      <span
        aria-hidden
        className={classNames('size-[7px] shrink-0 rounded-full bg-current', busy && 'animate-pulse')}
      />
      {children}
    </span>
  );
}
