'use client';

import { useController, useFormContext, type FieldPath, type FieldPathValue } from 'react-hook-form';
import type { CreateServerForm } from '@/lib/rules/create-server-form';

export function useCreateForm() {
  return useFormContext<CreateServerForm>();
}

/** One value of the form for a control that hands out values instead of events; a choice is checked at once. */
export function useFormField<Name extends FieldPath<CreateServerForm>>(name: Name) {
  const { control, setValue } = useCreateForm();
  const { field, fieldState } = useController({ control, name });
  return {
    value: field.value as FieldPathValue<CreateServerForm, Name>,
    error: fieldState.error?.message,
    onBlur: field.onBlur,
    choose: (value: FieldPathValue<CreateServerForm, Name>) =>
      setValue(name, value, { shouldDirty: true, shouldTouch: true, shouldValidate: true }),
    type: (value: FieldPathValue<CreateServerForm, Name>) => field.onChange(value),
    name: field.name,
    ref: field.ref,
  };
}
