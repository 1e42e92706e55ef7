import { useMemo } from 'react';
import { ServerStatePill } from '@/components/servers/server-state';
import { DataTable } from '@/components/ui/data-table';
import type { DataColumn } from '@/components/ui/table-columns';
import { Pill } from '@/components/ui/pill';
import type { PlanState } from '@/lib/queries/run-plan';
import { BULK_WORDS, type BulkAction } from '@/lib/rules/bulk-actions';
import type { BulkStep } from '@/lib/rules/bulk-plan';

interface BulkResultsProps {
  action: BulkAction;
  steps: readonly BulkStep[];
  states: Readonly<Record<string, PlanState>>;
}

/** One line for each server: what will be done, or how it went. */
export function BulkResults({ action, steps, states }: BulkResultsProps) {
  const columns = useMemo<DataColumn<BulkStep>[]>(
    () => [
      {
        id: 'name',
        header: 'Server',
        render: ({ server }) => server.name,
        sortBy: ({ server }) => server.name,
        width: 'minmax(140px, 2fr)',
        rowHeader: true,
      },
      {
        id: 'result',
        header: 'Result',
        render: (step) => <Result action={action} step={step} state={states[step.server.id]} />,
        width: 'minmax(170px, 2fr)',
      },
      {
        id: 'state',
        header: 'State before',
        render: ({ server }) => <ServerStatePill state={server.state} />,
        width: '130px',
      },
    ],
    [action, states],
  );
  return (
    <div className="overflow-hidden rounded-card border border-line">
      <DataTable
        label="Servers of this plan"
        columns={columns}
        rows={[...steps]}
        rowId={({ server }) => server.id}
        maxHeight={320}
      />
    </div>
  );
}

function Result({ action, step, state }: { action: BulkAction; step: BulkStep; state: PlanState | undefined }) {
  const { verb, doing, done } = BULK_WORDS[action];
  if (step.leftOut !== undefined) {
    return <span className="whitespace-normal text-text-3">Left out. {step.leftOut}</span>;
  }
  if (!state) {
    return action === 'tag' ? <span className="whitespace-normal">{tagWords(step)}</span> : verb;
  }
  if ('error' in state) {
    return (
      <span className="whitespace-normal text-bad">
        {state.error.message} <span className="font-mono text-xs">({state.error.code})</span>
      </span>
    );
  }
  if (state.status === 'waiting') return <span className="text-text-3">Waits its turn</span>;
  if (state.status === 'done') return <Pill tone="ok">{done}</Pill>;
  return (
    <Pill tone="accent" busy>
      {doing}
    </Pill>
  );
}

function tagWords({ change }: Extract<BulkStep, { leftOut?: undefined }>): string {
  return change.changes
    .map(({ label, from, to }) => `${label.replace(/^Tag /, '')}: ${from ?? 'none'} → ${to}`)
    .join(', ');
}
