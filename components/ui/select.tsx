'use client';

import { ChevronDown } from 'lucide-react';
import { lazy, Suspense, useId, useState, type KeyboardEvent } from 'react';
import { classNames } from './class-names';
import { Field, type FieldWords } from './field';
import type { Option } from './option-list';

export interface SelectProps extends FieldWords {
  options: Option[];
  value: string | null;
  onChange: (id: string) => void;
  placeholder?: string;
  name?: string;
  /** Why it can't be changed now. */
  disabled?: boolean;
  loading?: boolean;
  /** A box to type in above the choices: for more than about ten. */
  searchable?: boolean;
}

const load = () => import('./option-list');
const OptionPopover = lazy(() => load().then((module) => ({ default: module.OptionPopover })));

/** One of several choices. What opens is fetched when the pointer comes near or on the first key. */
export function Select(props: SelectProps) {
  const {
    label,
    description,
    error,
    success,
    required,
    layout,
    action,
    options,
    value,
    onChange,
    placeholder = 'Choose',
    name,
    disabled,
    loading,
    searchable,
  } = props;
  const id = useId();
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  const [isOpen, setOpen] = useState(false);
  const chosen = options.find((option) => option.id === value);
  const off = Boolean(disabled || loading);
  const onKeyDown = (event: KeyboardEvent) => {
    if (off || isOpen || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    setOpen(true);
  };
  return (
    <Field
      {...{ label, description, error, success, required, layout, action }}
      labelId={`${id}-label`}
      hintId={`${id}-hint`}
    >
      <button
        ref={setButton}
        type="button"
        role="combobox"
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-controls={isOpen ? `${id}-list` : undefined}
        aria-labelledby={`${id}-label ${id}-value`}
        aria-describedby={`${id}-hint`}
        aria-required={required || undefined}
        aria-invalid={error ? true : undefined}
        aria-disabled={off || undefined}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => !off && setOpen(!isOpen)}
        onKeyDown={onKeyDown}
        className="control flex items-center gap-2 text-left"
      >
        <span id={`${id}-value`} className={classNames('min-w-0 flex-1 truncate', !chosen && 'text-text-3')}>
          {loading ? 'Loading…' : (chosen?.label ?? placeholder)}
        </span>
        {chosen?.aside && <span className="text-xs text-text-3">{chosen.aside}</span>}
        <ChevronDown size={14} aria-hidden className="shrink-0 text-text-3" />
      </button>
      {name && <input type="hidden" name={name} value={value ?? ''} />}
      {isOpen && (
        <Suspense fallback={null}>
          <OptionPopover
            listId={`${id}-list`}
            labelledBy={`${id}-label`}
            trigger={button}
            options={options}
            value={value}
            searchable={searchable}
            onChange={(chosenId) => {
              onChange(chosenId);
              setOpen(false);
            }}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </Field>
  );
}
