'use client';

import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import { Button, Popover, Select as AriaSelect, SelectValue } from 'react-aria-components/Select';
import { Field, type FieldWords } from './field';
import { OptionList, popoverLook, type Option } from './option-list';

export interface SelectProps extends FieldWords {
  options: Option[];
  value: string | null;
  onChange: (id: string) => void;
  placeholder?: string;
  name?: string;
  disabled?: boolean;
  loading?: boolean;
}

/** One of a few choices; for many, `Combobox`. */
export function Select({
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
}: SelectProps) {
  const labelId = useId();
  const hintId = `${labelId}-hint`;
  const chosen = options.find((option) => option.id === value);
  return (
    <Field {...{ label, description, error, success, required, layout, action, labelId, hintId }}>
      <AriaSelect
        aria-labelledby={labelId}
        aria-describedby={hintId}
        name={name}
        selectedKey={value}
        onSelectionChange={(key) => key !== null && onChange(String(key))}
        isDisabled={disabled || loading}
        isInvalid={Boolean(error)}
        isRequired={required}
        validationBehavior="aria"
        placeholder={loading ? 'Loading…' : placeholder}
      >
        <Button data-invalid={error ? true : undefined} className="control flex items-center gap-2 text-left">
          <SelectValue className="min-w-0 flex-1 truncate data-placeholder:text-text-3">
            {({ isPlaceholder, defaultChildren }) => (isPlaceholder ? defaultChildren : chosen?.label)}
          </SelectValue>
          {chosen?.aside && <span className="text-xs text-text-3">{chosen.aside}</span>}
          <ChevronDown size={14} aria-hidden className="shrink-0 text-text-3" />
        </Button>
        <Popover className={popoverLook}>
          <OptionList options={options} empty="Nothing to choose from" />
        </Popover>
      </AriaSelect>
    </Field>
  );
}
