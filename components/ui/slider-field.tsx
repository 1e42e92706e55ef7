'use client';

import { useId } from 'react';
import { Field, type FieldWords } from './field';
import { NumberInput } from './number-field';

export interface SliderFieldProps extends FieldWords {
  value: number;
  onChange: (value: number) => void;
  min: number;
  max: number;
  step?: number;
  unit?: string;
  /** Words for what the slider says ("64 GiB"); the number and unit otherwise. */
  valueText?: (value: number) => string;
}

/** A slider for the feel of it and a number field for the exact value; both change the same number. */
export function SliderField({
  label,
  description,
  error,
  success,
  required,
  layout,
  action,
  value,
  onChange,
  min,
  max,
  step = 1,
  unit,
  valueText,
}: SliderFieldProps) {
  const labelId = useId();
  const hintId = `${labelId}-hint`;
  const inRange = Math.min(Math.max(Number.isNaN(value) ? min : value, min), max);
  return (
    <Field {...{ label, description, error, success, required, layout, action, labelId, hintId }}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <input
          type="range"
          aria-labelledby={labelId}
          aria-describedby={hintId}
          aria-valuetext={valueText?.(inRange) ?? (unit ? `${inRange} ${unit}` : undefined)}
          min={min}
          max={max}
          step={step}
          value={inRange}
          onChange={(event) => onChange(event.target.valueAsNumber)}
          className="h-8 min-w-40 flex-1 accent-accent"
        />
        <NumberInput
          {...{ value, onChange, min, max, step, unit }}
          labelledBy={labelId}
          describedBy={hintId}
          invalid={Boolean(error)}
          className="w-40"
        />
      </div>
    </Field>
  );
}
