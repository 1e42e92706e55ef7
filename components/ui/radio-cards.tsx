'use client';

import { useId, type ReactNode } from 'react';
import { classNames } from './class-names';
import { FieldHint } from './field';

export interface RadioCard {
  id: string;
  label: ReactNode;
  description?: ReactNode;
  /** Small words at the right of the label: a price. */
  aside?: ReactNode;
  disabledReason?: string | null | false;
}

export interface RadioCardsProps {
  label: ReactNode;
  /** Only for screen readers, where a heading says the same. */
  labelHidden?: boolean;
  options: RadioCard[];
  value: string | null;
  onChange: (id: string) => void;
  columns?: 1 | 2 | 3 | 4;
  description?: ReactNode;
  error?: ReactNode;
  name?: string;
}

const grid = { 1: '', 2: 'sm:grid-cols-2', 3: 'sm:grid-cols-2 lg:grid-cols-3', 4: 'sm:grid-cols-2 lg:grid-cols-4' };

/** One of a few choices that each want a sentence. Native radios: arrow keys move, the group is one tab stop. */
export function RadioCards({
  label,
  labelHidden,
  options,
  value,
  onChange,
  columns = 3,
  description,
  error,
  name,
}: RadioCardsProps) {
  const id = useId();
  return (
    <fieldset aria-describedby={`${id}-hint`} className="min-w-0">
      <legend className={labelHidden ? 'sr-only' : 'mb-1.5 text-text-2'}>{label}</legend>
      <div className={classNames('grid gap-2.5', grid[columns])}>
        {options.map((option) => {
          const hint = option.disabledReason || option.description;
          return (
            <label
              key={option.id}
              className={classNames(
                'grid content-start gap-0.5 rounded-card border px-3 py-2.5 transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
                option.id === value
                  ? 'border-accent bg-accent-weak shadow-[inset_0_0_0_1px_var(--accent)]'
                  : 'border-line-strong bg-surface',
                option.disabledReason ? 'cursor-default! bg-transparent!' : option.id !== value && 'hover:bg-sunken',
              )}
            >
              <input
                type="radio"
                name={name ?? id}
                value={option.id}
                checked={option.id === value}
                disabled={Boolean(option.disabledReason)}
                onChange={() => onChange(option.id)}
                aria-describedby={hint ? `${id}-${option.id}` : undefined}
                className="sr-only"
              />
              <span className="flex items-baseline gap-2">
                <b className={classNames('font-semibold', option.disabledReason && 'text-text-3')}>{option.label}</b>
                {option.aside && <span className="ml-auto text-xs text-text-2">{option.aside}</span>}
              </span>
              {hint && (
                <span id={`${id}-${option.id}`} className={option.id === value ? 'text-text-2' : 'text-text-3'}>
                  {hint}
                </span>
              )}
            </label>
          );
        })}
      </div>
      <FieldHint id={`${id}-hint`} description={description} error={error} />
    </fieldset>
  );
}
