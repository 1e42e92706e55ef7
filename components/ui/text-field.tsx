'use client';

import { useId, type ComponentProps, type ReactNode } from 'react';
import { classNames } from './class-names';
import { Field, type FieldWords } from './field';

export interface TextFieldProps extends FieldWords, Omit<ComponentProps<'input'>, 'required' | 'disabled'> {
  /** Letters of ids, addresses, commands. */
  mono?: boolean;
  /** Words or an icon inside the field's right end: a unit, a spinner. */
  suffix?: ReactNode;
  /** Why it can't be changed; the value stays readable and can be copied. */
  readOnlyReason?: string | null | false;
}

/** One line of text. Takes what react-hook-form's `register` returns. */
export function TextField({
  label,
  description,
  error,
  success,
  required,
  layout,
  action,
  mono,
  suffix,
  readOnlyReason,
  className,
  id,
  ...input
}: TextFieldProps) {
  const own = useId();
  const controlId = id ?? own;
  const hintId = `${controlId}-hint`;
  return (
    <Field
      {...{ label, error, success, required, layout, action, controlId, hintId }}
      description={readOnlyReason || description}
    >
      <div className="relative">
        <input
          autoComplete="off"
          spellCheck={false}
          {...input}
          id={controlId}
          readOnly={input.readOnly || Boolean(readOnlyReason)}
          aria-disabled={readOnlyReason ? true : undefined}
          aria-required={required || undefined}
          aria-invalid={error ? true : undefined}
          aria-describedby={hintId}
          className={classNames('control', mono && 'font-mono', suffix !== undefined && 'pr-10', className)}
        />
        {suffix !== undefined && (
          <span className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-text-3">
            {suffix}
          </span>
        )}
      </div>
    </Field>
  );
}

export interface TextAreaProps extends FieldWords, Omit<ComponentProps<'textarea'>, 'required' | 'disabled'> {
  mono?: boolean;
}

/** Several lines of text: pasted lists, JSON. */
export function TextArea({
  label,
  description,
  error,
  success,
  required,
  layout,
  action,
  mono,
  className,
  id,
  ...input
}: TextAreaProps) {
  const own = useId();
  const controlId = id ?? own;
  const hintId = `${controlId}-hint`;
  return (
    <Field {...{ label, description, error, success, required, layout, action, controlId, hintId }}>
      <textarea
        rows={5}
        spellCheck={false}
        {...input}
        id={controlId}
        aria-required={required || undefined}
        aria-invalid={error ? true : undefined}
        aria-describedby={hintId}
        className={classNames('control h-auto! py-1.5', mono && 'font-mono text-sm', className)}
      />
    </Field>
  );
}

/** A search box above a list; Escape empties it. */
export function SearchBox({
  label,
  value,
  onChange,
  placeholder,
  className,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  className?: string;
}) {
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={placeholder ?? label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={classNames('control h-[30px]! max-w-72', className)}
    />
  );
}
