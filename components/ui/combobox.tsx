'use client';

import { Select, type SelectProps } from './select';

export type ComboboxProps = Omit<SelectProps, 'searchable'>;

/** One of many choices, found by typing. */
export function Combobox(props: ComboboxProps) {
  return <Select {...props} searchable />;
}
