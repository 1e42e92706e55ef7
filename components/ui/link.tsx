import NextLink from 'next/link';
import type { LucideIcon } from 'lucide-react';
import { ArrowUpRight } from 'lucide-react';
import type { ComponentProps } from 'react';
import { buttonLook, buttonShape, type ButtonVariant } from './button';
import { classNames } from './class-names';

interface LinkProps extends ComponentProps<typeof NextLink> {
  /** Leaves the portal: a new tab, marked as such. */
  external?: boolean;
}

export const linkLook = 'text-accent underline decoration-accent/35 underline-offset-[3px] hover:decoration-current';

/** A link in running text. */
export function Link({ external, className, children, ...rest }: LinkProps) {
  if (!external) {
    return (
      <NextLink prefetch={false} {...rest} className={classNames(linkLook, className)}>
        {children}
      </NextLink>
    );
  }
  return (
    <a href={String(rest.href)} target="_blank" rel="noreferrer" className={classNames(linkLook, className)}>
      {children}
      <ArrowUpRight size={13} strokeWidth={1.75} aria-hidden className="ml-0.5 inline align-[-2px]" />
      <span className="sr-only"> (opens in a new tab)</span>
    </a>
  );
}

interface LinkButtonProps extends ComponentProps<typeof NextLink> {
  variant?: ButtonVariant;
  icon?: LucideIcon;
}

/** A link that looks like a button: for commands that go somewhere. */
export function LinkButton({ variant = 'line', icon: Icon, className, children, ...rest }: LinkButtonProps) {
  return (
    <NextLink prefetch={false} {...rest} className={classNames(buttonShape, buttonLook[variant], className)}>
      {Icon && <Icon size={16} strokeWidth={1.6} aria-hidden className="shrink-0" />}
      {children}
    </NextLink>
  );
}
