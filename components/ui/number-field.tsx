'use client';

import { Minus, Plus } from 'lucide-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { classNames } from './class-names';
import { Field, type FieldWords } from './field';
import { formatNumber, parseNumber, stepNumber } from './parse-number';

export interface NumberFieldProps extends FieldWords {
  /** NaN shows an empty field. */
  value: number;
  /**
   * Called with the number when the field is left, on Enter, or stepped; NaN when it was emptied. What was typed may be
   * out of range: say so with `error`. Steps stay within min and max.
   */
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  step?: number;
  /** Shown after the number: "GiB", "days". */
  unit?: string;
  disabled?: boolean;
  name?: string;
  className?: string;
}

/** A number, written in the person's own format, with steps by arrow keys and buttons. */
export function NumberField(props: NumberFieldProps) {
  const { label, description, error, success, required, layout, action, ...input } = props;
  const labelId = useId();
  const hintId = `${labelId}-hint`;
  return (
    <Field {...{ label, description, error, success, required, layout, action, labelId, hintId }}>
      <NumberInput {...input} labelledBy={labelId} describedBy={hintId} invalid={Boolean(error)} />
    </Field>
  );
}

interface NumberInputProps extends Omit<NumberFieldProps, keyof FieldWords> {
  labelledBy: string;
  describedBy?: string;
  invalid?: boolean;
}

/** The bare control, for where the label stands elsewhere (slider, table cell). */
export function NumberInput(props: NumberInputProps) {
  const {
    value,
    onChange,
    min,
    max,
    step = 1,
    unit,
    disabled,
    name,
    className,
    labelledBy,
    describedBy,
    invalid,
  } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const limits = { min, max, step };

  const commit = () => {
    if (draft === null) return;
    setDraft(null);
    const next = parseNumber(draft);
    // What is no number leaves the value as it was; an emptied field is told.
    if (next !== undefined && !Object.is(next, value)) onChange(next);
  };
  const stepBy = (steps: number) => {
    const from = draft === null ? value : (parseNumber(draft) ?? value);
    setDraft(null);
    onChange(stepNumber(from, steps, limits));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (steps !== undefined) {
      event.preventDefault();
      stepBy(steps);
    } else if (event.key === 'Enter') commit();
  };
  const stepper =
    'flex size-6 shrink-0 items-center justify-center rounded text-text-3 hover:bg-text/8 disabled:opacity-40';
  return (
    <div
      className={classNames('control flex max-w-44 items-center pr-1!', className)}
      data-invalid={invalid || undefined}
    >
      <input
        role="spinbutton"
        inputMode={Number.isInteger(step) ? 'numeric' : 'decimal'}
        autoComplete="off"
        name={name}
        disabled={disabled}
        aria-labelledby={labelledBy}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        aria-valuenow={Number.isNaN(value) ? undefined : value}
        aria-valuetext={Number.isNaN(value) ? 'Empty' : `${formatNumber(value)}${unit ? ` ${unit}` : ''}`}
        aria-valuemin={min}
        aria-valuemax={max}
        value={draft ?? formatNumber(value)}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={onKeyDown}
        className="w-full min-w-0 bg-transparent outline-none"
      />
      {unit && <span className="pr-1.5 text-text-3">{unit}</span>}
      {/* For the pointer: the keyboard has the arrow keys. */}
      <button
        type="button"
        tabIndex={-1}
        aria-label="Less"
        disabled={disabled || value <= (min ?? -Infinity)}
        onClick={() => stepBy(-1)}
        className={stepper}
      >
        <Minus size={13} aria-hidden />
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label="More"
        disabled={disabled || value >= (max ?? Infinity)}
        onClick={() => stepBy(1)}
        className={stepper}
      >
        <Plus size={13} aria-hidden />
      </button>
    </div>
  );
}
