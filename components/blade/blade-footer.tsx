'use client';

import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { useQuestionBeforeUnload } from './unsaved-edits';

interface BladeFooterProps {
  onApply: () => void;
  onDiscard?: () => void;
  /** Something would be lost with the page: the browser asks before it is. */
  unsaved?: boolean;
  applyLabel?: string;
  discardLabel?: string;
  /** Why nothing can be applied: "Nothing changed yet", a missing permission. */
  applyDisabledReason?: string | null | false;
  discardDisabledReason?: string | null | false;
  pending?: boolean;
  /** At the right: a count of changes, "Show as az · ARM …". */
  aside?: ReactNode;
  /** Further buttons between Discard and the aside. */
  children?: ReactNode;
}

/** The fixed footer of a form: exactly one primary button. */
export function BladeFooter(props: BladeFooterProps) {
  const { onApply, onDiscard, applyLabel = 'Apply', discardLabel = 'Discard', pending, aside, children } = props;
  useQuestionBeforeUnload(props.unsaved ?? false);
  return (
    <div className="sticky bottom-0 z-20 mt-auto flex flex-wrap items-center gap-2 border-t border-line bg-surface px-3.5 py-2.5 md:px-6">
      <Button variant="primary" onClick={onApply} pending={pending} disabledReason={props.applyDisabledReason}>
        {applyLabel}
      </Button>
      {onDiscard && (
        <Button onClick={onDiscard} disabledReason={props.discardDisabledReason}>
          {discardLabel}
        </Button>
      )}
      {children}
      {aside && <div className="text-text-3 md:ml-auto">{aside}</div>}
    </div>
  );
}
