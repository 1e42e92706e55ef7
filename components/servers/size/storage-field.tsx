'use client';

import { useId } from 'react';
import { Field } from '@/components/ui/field';
import { NumberInput } from '@/components/ui/number-field';
import { positionOf, SCALE_STEPS, storageAt } from './storage-scale';

interface StorageFieldProps {
  value: number;
  onChange: (gib: number) => void;
  min: number;
  max: number;
  error?: string;
}

/** Storage in GiB: a slider whose every step is the same factor, since the range goes from 20 GiB to TiB, and a number. */
export function StorageField({ value, onChange, min, max, error }: StorageFieldProps) {
  const labelId = useId();
  const hintId = `${labelId}-hint`;
  const inRange = Math.min(Math.max(Number.isNaN(value) ? min : value, min), max);
  return (
    <Field
      label="Storage"
      labelId={labelId}
      hintId={hintId}
      error={error}
      description="It can grow later, never shrink."
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <input
          type="range"
          aria-labelledby={labelId}
          aria-describedby={hintId}
          aria-valuetext={`${inRange} GiB`}
          min={0}
          max={SCALE_STEPS}
          value={positionOf(inRange, min, max)}
          onChange={(event) => onChange(storageAt(event.target.valueAsNumber, min, max))}
          className="h-8 min-w-40 flex-1 accent-accent"
        />
        <NumberInput
          {...{ value, onChange, min, max }}
          unit="GiB"
          labelledBy={labelId}
          describedBy={hintId}
          invalid={Boolean(error)}
          className="w-40"
        />
      </div>
    </Field>
  );
}
