'use client';

import type { ReactNode } from 'react';
import { ChangeReview } from '@/components/blade/change-review';
import { usePortalConfig } from '@/components/blade/portal-config';
import { Button } from '@/components/ui/button';
import { SidePane } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/notice';
import type { ErrorWords } from '@/components/ui/states';
import type { ChangeDescription } from '@/lib/rules/change-description';

interface ChangePaneProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  subtitle?: string;
  /** Undefined while the form in `children` holds nothing that could be sent. */
  change: ChangeDescription | undefined;
  applyLabel: string;
  onApply: () => void;
  applyDisabledReason?: string | null | false;
  /** On the button that sends nothing, where “Cancel” could be taken for the change itself. */
  closeLabel?: string;
  pending?: boolean;
  /** ARM's refusal of the last try. */
  error?: ErrorWords | null;
  width?: 'normal' | 'wide';
  /** The form, or what one should know, above the review. */
  children?: ReactNode;
}

/** A change before it is sent: its form, what it does, the same as code, and one button that sends it. */
export function ChangePane({
  isOpen,
  onClose,
  title,
  subtitle,
  change,
  applyLabel,
  onApply,
  applyDisabledReason,
  closeLabel = 'Cancel',
  pending,
  error,
  width = 'wide',
  children,
}: ChangePaneProps) {
  const { resourceManagerEndpoint } = usePortalConfig();
  return (
    <SidePane
      isOpen={isOpen}
      onClose={onClose}
      title={title}
      subtitle={subtitle}
      width={width}
      footer={
        <>
          <Button variant="primary" onClick={onApply} pending={pending} disabledReason={applyDisabledReason}>
            {applyLabel}
          </Button>
          <Button onClick={onClose}>{closeLabel}</Button>
        </>
      }
    >
      <div className="grid gap-4 [--field-space:0px] [&>*]:min-w-0">
        {error && (
          <Notice tone="bad" title={error.code} live>
            {error.message}
          </Notice>
        )}
        {children}
        {change && <ChangeReview change={change} resourceManagerEndpoint={resourceManagerEndpoint} />}
      </div>
    </SidePane>
  );
}
