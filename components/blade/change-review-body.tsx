'use client';

import { ArrowRight, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { Breakable } from '@/components/ui/breakable';
import { CodeBlock } from '@/components/ui/code-block';
import { Notice } from '@/components/ui/notice';
import { SimpleTable, type SimpleColumn } from '@/components/ui/simple-table';
import { Tabs } from '@/components/ui/tabs';
import { toBicep } from '@/lib/rules/change-bicep';
import { toAzureCli, toRest } from '@/lib/rules/change-formats';
import { toTerraform } from '@/lib/rules/change-terraform';
import type { ChangeDescription } from '@/lib/rules/change-description';

export interface ChangeReviewProps {
  change: ChangeDescription;
  /** Base address of the Resource Manager in force, for the REST form. */
  resourceManagerEndpoint?: string;
  /** Leaves out the table of changes (a new resource, whose summary stands elsewhere). */
  formatsOnly?: boolean;
  /** Which form of code is shown first. */
  initialFormat?: 'az' | 'rest' | 'bicep' | 'terraform';
}

const money = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

type Change = ChangeDescription['changes'][number];

const BEFORE: SimpleColumn<Change>[] = [
  {
    id: 'from',
    header: 'Now',
    render: (row) =>
      row.from === null ? (
        <span className="whitespace-nowrap text-text-3">not set</span>
      ) : (
        <span className="[overflow-wrap:anywhere]">
          <Breakable text={row.from} />
        </span>
      ),
  },
  {
    id: 'arrow',
    header: 'becomes',
    headerHidden: true,
    render: () => <ArrowRight size={14} aria-hidden className="text-text-3" />,
  },
];

/** The part of `ChangeReview` that is loaded on demand. */
export function ChangeReviewBody({
  change,
  resourceManagerEndpoint,
  formatsOnly,
  initialFormat = 'az',
}: ChangeReviewProps) {
  const [format, setFormat] = useState<string>(initialFormat);
  const formats = [
    { id: 'az', label: 'Azure CLI', render: () => toAzureCli(change) },
    { id: 'rest', label: 'ARM REST', render: () => toRest(change, resourceManagerEndpoint) },
    { id: 'bicep', label: 'Bicep', render: () => toBicep(change) },
    { id: 'terraform', label: 'Terraform', render: () => toTerraform(change) },
  ];
  return (
    <div className="grid gap-4 [&>*]:min-w-0">
      {!formatsOnly && change.changes.length > 0 && (
        <SimpleTable
          caption="What changes"
          inset="none"
          rows={change.changes}
          rowId={(row) => row.label}
          columns={[
            {
              id: 'label',
              header: 'Setting',
              render: (row) => <span className="break-words text-text-2">{row.label}</span>,
            },
            // Of something new nothing was set before.
            ...(change.changes.every(({ from }) => from === null) ? [] : BEFORE),
            {
              id: 'to',
              header: 'After',
              render: (row) => (
                <b className="font-semibold [overflow-wrap:anywhere]">
                  <Breakable text={row.to ?? 'not set'} />
                </b>
              ),
            },
          ]}
        />
      )}
      {change.restarts && (
        <Notice tone="warn" title="This interrupts connections.">
          {change.restarts}
        </Notice>
      )}
      {change.cost && (
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-text-3">Estimated list price a month</span>
          {change.cost.from !== null && change.cost.from !== change.cost.to && (
            <>
              <span>{money.format(change.cost.from)}</span>
              <ArrowRight size={13} aria-label="becomes" className="self-center text-text-3" />
            </>
          )}
          <b className="font-semibold">{money.format(change.cost.to)}</b>
        </p>
      )}
      <div>
        <Tabs
          label="The same as code"
          value={format}
          onChange={setFormat}
          tabs={formats.map(({ id, label, render }) => ({
            id,
            label,
            content: (
              <div className="pt-3">
                <CodeBlock
                  label={`${label} of this change`}
                  code={id === format ? render() : ''}
                  maxHeight="max(280px, 60vh)"
                />
              </div>
            ),
          }))}
        />
      </div>
      {JSON.stringify(change).match(/password|secret/i) && (
        <p className="flex items-center gap-1.5 text-xs text-text-3">
          <RotateCcw size={12} aria-hidden /> Secrets are placeholders here: fill them in where you run it.
        </p>
      )}
    </div>
  );
}
