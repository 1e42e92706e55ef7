'use client';

import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import { Button, ComboBox, Input, Popover } from 'react-aria-components/ComboBox';
import { Group } from 'react-aria-components/Group';
import { Field, type FieldWords } from './field';
import { OptionList, popoverLook, type Option } from './option-list';

export interface ComboboxProps extends FieldWords {
  options: Option[];
  value: string | null;
  onChange: (id: string | null) => void;
  placeholder?: string;
  name?: string;
  disabled?: boolean;
  loading?: boolean;
}

/** One of many choices, found by typing. */
export function Combobox({
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
  placeholder,
  name,
  disabled,
  loading,
}: ComboboxProps) {
  const labelId = useId();
  const hintId = `${labelId}-hint`;
  return (
    <Field {...{ label, description, error, success, required, layout, action, labelId, hintId }}>
      <ComboBox
        aria-labelledby={labelId}
        aria-describedby={hintId}
        name={name}
        selectedKey={value}
        onSelectionChange={(key) => onChange(key === null ? null : String(key))}
        isDisabled={disabled || loading}
        isInvalid={Boolean(error)}
        isRequired={required}
        validationBehavior="aria"
        menuTrigger="focus"
        allowsEmptyCollection
      >
        <Group className="control flex items-center pr-1!">
          <Input
            placeholder={loading ? 'Loading…' : placeholder}
            className="w-full min-w-0 bg-transparent outline-none placeholder:text-text-3"
          />
          <Button className="flex size-6 items-center justify-center rounded text-text-3">
            <ChevronDown size={14} aria-hidden />
          </Button>
        </Group>
        <Popover className={popoverLook}>
          <OptionList options={options} />
        </Popover>
      </ComboBox>
    </Field>
  );
}
