import type { ReactNode } from 'react';

/** Marks where a field stands whose control has no name of its own, for `focusField`. */
export function FieldAnchor({ field, children }: { field: string; children: ReactNode }) {
  return <div data-field={field}>{children}</div>;
}
