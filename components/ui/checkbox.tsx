'use client';

import { useEffect, useId, useRef, type ComponentProps, type ReactNode } from 'react';
import { classNames } from './class-names';

export interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type' | 'disabled'> {
  label: ReactNode;
  /** Only for screen readers (row selection). */
  labelHidden?: boolean;
  description?: ReactNode;
  /** Some of what it stands for are checked. */
  indeterminate?: boolean;
  disabledReason?: string | null | false;
}

/** A tick. Takes what react-hook-form's `register` returns. */
export function Checkbox({
  label,
  labelHidden,
  description,
  indeterminate,
  disabledReason,
  className,
  ...input
}: CheckboxProps) {
  const box = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const hint = disabledReason || description;
  useEffect(() => {
    if (box.current) box.current.indeterminate = Boolean(indeterminate);
  }, [indeterminate]);
  return (
    <label
      className={classNames(
        'inline-flex gap-2',
        labelHidden ? 'min-h-6 min-w-6 items-center justify-center' : 'items-start py-1',
        className,
      )}
    >
      <input
        ref={box}
        {...input}
        type="checkbox"
        disabled={Boolean(disabledReason)}
        aria-describedby={hint ? hintId : undefined}
        className={classNames('size-4 shrink-0 accent-accent', !labelHidden && 'mt-[2px]')}
      />
      <span className={labelHidden ? 'sr-only' : undefined}>
        <span className={disabledReason ? 'text-text-3' : undefined}>{label}</span>
        {hint && (
          <span id={hintId} className="block text-xs text-text-3">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}

export interface SwitchProps extends Omit<ComponentProps<'input'>, 'type' | 'role' | 'disabled' | 'onChange'> {
  label: ReactNode;
  description?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabledReason?: string | null | false;
}

/** On or off. */
export function Switch({ label, description, checked, onChange, disabledReason, className, ...input }: SwitchProps) {
  const hintId = useId();
  const hint = disabledReason || description;
  return (
    <label className={classNames('inline-flex items-start gap-2.5 py-1', className)}>
      <input
        {...input}
        type="checkbox"
        role="switch"
        checked={checked}
        aria-checked={checked}
        disabled={Boolean(disabledReason)}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={hint ? hintId : undefined}
        className="peer sr-only"
      />
      <span
        aria-hidden
        className="relative mt-px h-[18px] w-8 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors peer-checked:border-accent peer-checked:bg-accent peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent peer-disabled:opacity-50 after:absolute after:top-[2px] after:left-[2px] after:size-3 after:rounded-full after:bg-text-2 after:transition-transform peer-checked:after:translate-x-3.5 peer-checked:after:bg-on-accent"
      />
      <span>
        <span className={disabledReason ? 'text-text-3' : undefined}>{label}</span>
        {hint && (
          <span id={hintId} className="block text-xs text-text-3">
            {hint}
          </span>
        )}
      </span>
    </label>
  );
}
