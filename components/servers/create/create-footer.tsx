'use client';

import { Fragment } from 'react';
import { BladeFooter } from '@/components/blade/blade-footer';
import { Button } from '@/components/ui/button';
import { TextButton } from '@/components/ui/text-button';
import { CREATE_TABS, type CreateTab } from '@/lib/rules/create-server-form';
import type { CodeFormat } from './code-formats';

interface CreateFooterProps {
  tab: CreateTab;
  onTab: (tab: CreateTab) => void;
  onCreate: () => void;
  pending: boolean;
  disabledReason: string | undefined;
  onShowCode: (format: CodeFormat) => void;
}

const NEXT_LABELS: Record<CreateTab, string> = {
  basics: 'Basics',
  networking: 'Networking',
  security: 'Security',
  tags: 'Tags',
  review: 'Review + create',
};

const FORMATS: { id: CodeFormat; label: string }[] = [
  { id: 'az', label: 'az' },
  { id: 'rest', label: 'ARM' },
  { id: 'bicep', label: 'Bicep' },
  { id: 'terraform', label: 'Terraform' },
];

/** Forward, back, straight to the end, and the same as code. */
export function CreateFooter({ tab, onTab, onCreate, pending, disabledReason, onShowCode }: CreateFooterProps) {
  const at = CREATE_TABS.indexOf(tab);
  const next = CREATE_TABS[at + 1];
  const previous = CREATE_TABS[at - 1];
  return (
    <BladeFooter
      onApply={() => (next ? onTab(next) : onCreate())}
      applyLabel={next ? `Next: ${NEXT_LABELS[next]}` : 'Create'}
      applyDisabledReason={next ? undefined : disabledReason}
      pending={pending}
      discardLabel="Previous"
      onDiscard={previous && (() => onTab(previous))}
      aside={
        <>
          Show as{' '}
          {FORMATS.map(({ id, label }, index) => (
            <Fragment key={id}>
              {index > 0 && ' · '}
              <TextButton onClick={() => onShowCode(id)}>{label}</TextButton>
            </Fragment>
          ))}
        </>
      }
    >
      {next && next !== 'review' && <Button onClick={() => onTab('review')}>Review + create</Button>}
    </BladeFooter>
  );
}
