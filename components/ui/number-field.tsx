'use client';

import { Minus, Plus } from 'lucide-react';
import { useId } from 'react';
import { Button, Group, Input, NumberField as AriaNumberField } from 'react-aria-components/NumberField';
import { classNames } from './class-names';
import { Field, type FieldWords } from './field';

export interface NumberFieldProps extends FieldWords {
  value: number;
  /** Called with the number when the field is left or stepped; NaN when it was emptied. */
  onChange: (value: number) => void;
  min?: number;
  max?: number;
  step?: number;
  /** Shown after the number: "GiB", "days". */
  unit?: string;
  formatOptions?: Intl.NumberFormatOptions;
  disabled?: boolean;
  name?: string;
  className?: string;
}

/** A number, written in the person's own format, with steps by arrow keys and buttons. */
export function NumberField({
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
  step,
  unit,
  formatOptions,
  disabled,
  name,
  className,
}: NumberFieldProps) {
  const labelId = useId();
  const hintId = `${labelId}-hint`;
  return (
    <Field {...{ label, description, error, success, required, layout, action, labelId, hintId }}>
      <NumberInput
        {...{ value, onChange, min, max, step, unit, formatOptions, disabled, name, className }}
        labelledBy={labelId}
        describedBy={hintId}
        invalid={Boolean(error)}
      />
    </Field>
  );
}

interface NumberInputProps extends Omit<NumberFieldProps, keyof FieldWords> {
  labelledBy: string;
  describedBy?: string;
  invalid?: boolean;
}

/** The bare control, for where the label stands elsewhere (slider, table cell). */
export function NumberInput({
  value,
  onChange,
  min,
  max,
  step,
  unit,
  formatOptions,
  disabled,
  name,
  className,
  labelledBy,
  describedBy,
  invalid,
}: NumberInputProps) {
  const stepper = 'flex size-6 items-center justify-center rounded text-text-3 hover:bg-text/8 disabled:opacity-40';
  return (
    <AriaNumberField
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      value={value}
      onChange={onChange}
      minValue={min}
      maxValue={max}
      step={step}
      name={name}
      isDisabled={disabled}
      isInvalid={invalid}
      formatOptions={{ useGrouping: true, ...formatOptions }}
      className={classNames('max-w-44', className)}
    >
      <Group className="control flex items-center pr-1!">
        <Input className="w-full min-w-0 bg-transparent outline-none" />
        {unit && <span className="pr-1.5 text-text-3">{unit}</span>}
        <Button slot="decrement" className={stepper}>
          <Minus size={13} aria-hidden />
        </Button>
        <Button slot="increment" className={stepper}>
          <Plus size={13} aria-hidden />
        </Button>
      </Group>
    </AriaNumberField>
  );
}
