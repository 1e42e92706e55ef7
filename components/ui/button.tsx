'use client';

import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { classNames } from './class-names';
import { Spinner } from './spinner';
import { Tooltip } from './tooltip';

export type ButtonVariant = 'primary' | 'line' | 'quiet' | 'danger';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled' | 'children'> {
  /** `primary` once a page, `line` beside it, `quiet` for commands, `danger` for what can't be undone. */
  variant?: ButtonVariant;
  icon?: LucideIcon;
  /** Why it can't be used now and what would enable it. The button stays focusable, so that everybody can read it. */
  disabledReason?: string | null | false;
  /** Runs: shows a spinner and takes no second click. */
  pending?: boolean;
  children: ReactNode;
}

export const buttonShape =
  'inline-flex h-[30px] shrink-0 items-center justify-center gap-[7px] rounded border px-2.5 whitespace-nowrap transition-colors select-none pointer-coarse:h-10';

export const buttonLook: Record<ButtonVariant, string> = {
  primary: 'border-transparent bg-accent px-3.5 font-[560] text-on-accent hover:bg-accent-hover',
  danger: 'border-transparent bg-bad px-3.5 font-[560] text-on-bad hover:brightness-110',
  line: 'border-line-strong bg-surface text-text hover:bg-sunken',
  quiet: 'border-transparent text-text hover:bg-text/6 active:bg-text/10',
};

const disabledLook: Record<ButtonVariant, string> = {
  primary: 'border-transparent bg-off-weak px-3.5 font-[560] text-text-3',
  danger: 'border-transparent bg-off-weak px-3.5 font-[560] text-text-3',
  line: 'border-line bg-transparent text-text-3',
  quiet: 'border-transparent text-text-3',
};

/** A button in one of four weights; see `disabledReason` for how it is switched off. */
export function Button({
  variant = 'line',
  icon: Icon,
  disabledReason,
  pending,
  children,
  className,
  onClick,
  ...rest
}: ButtonProps) {
  const off = Boolean(disabledReason) || Boolean(pending);
  const button = (
    <button
      type="button"
      {...rest}
      aria-disabled={off || undefined}
      aria-busy={pending || undefined}
      onClick={(event: MouseEvent<HTMLButtonElement>) => {
        if (off) {
          event.preventDefault();
          event.stopPropagation();
          return;
        }
        onClick?.(event);
      }}
      className={classNames(buttonShape, disabledReason ? disabledLook[variant] : buttonLook[variant], className)}
    >
      {pending ? <Spinner /> : Icon && <Icon size={16} strokeWidth={1.6} aria-hidden className="shrink-0" />}
      {children}
    </button>
  );
  return disabledReason ? <Tooltip content={disabledReason}>{button}</Tooltip> : button;
}
