'use client';

import NextLink from 'next/link';
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, MouseEvent } from 'react';
import { classNames } from './class-names';
import { Spinner } from './spinner';
import { Tooltip } from './tooltip';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'disabled' | 'children' | 'aria-label'> {
  icon: LucideIcon;
  /** Its name, for screen readers and as the hint on hover. */
  label: string;
  /** 24 (in text and tables) or 30 (in bars). */
  size?: 24 | 30;
  disabledReason?: string | null | false;
  pending?: boolean;
}

/** A button that is only an icon, with its name as the hint. */
export function IconButton({
  icon: Icon,
  label,
  size = 30,
  disabledReason,
  pending,
  className,
  onClick,
  ...rest
}: IconButtonProps) {
  const off = Boolean(disabledReason) || Boolean(pending);
  return (
    <Tooltip content={disabledReason ? `${label}: ${disabledReason}` : label}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-disabled={off || undefined}
        aria-busy={pending || undefined}
        onClick={(event: MouseEvent<HTMLButtonElement>) => {
          if (off) {
            event.preventDefault();
            return;
          }
          onClick?.(event);
        }}
        className={classNames(SHAPE, sizeLook(size), off ? 'text-text-3' : LOOK, className)}
      >
        {pending ? (
          <Spinner size={size === 24 ? 14 : 16} />
        ) : (
          <Icon size={size === 24 ? 14 : 16} strokeWidth={1.6} aria-hidden />
        )}
      </button>
    </Tooltip>
  );
}

const SHAPE = 'inline-flex shrink-0 items-center justify-center rounded transition-colors';
const LOOK = 'text-text-2 hover:bg-text/8 hover:text-text';

function sizeLook(size: 24 | 30): string {
  return size === 24 ? 'size-6' : 'size-[30px] pointer-coarse:size-10';
}

/** A link that is only an icon, with its name as the hint. */
export function IconLink({
  icon: Icon,
  label,
  size = 30,
  href,
}: Pick<IconButtonProps, 'icon' | 'label' | 'size'> & { href: string }) {
  return (
    <Tooltip content={label}>
      <NextLink href={href} prefetch={false} aria-label={label} className={classNames(SHAPE, sizeLook(size), LOOK)}>
        <Icon size={size === 24 ? 14 : 16} strokeWidth={1.6} aria-hidden />
      </NextLink>
    </Tooltip>
  );
}
