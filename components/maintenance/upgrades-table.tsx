import { Pill } from '@/components/ui/pill';
import { SimpleTable } from '@/components/ui/simple-table';
import { Time } from '@/components/ui/time';
import type { Upgrade } from '@/lib/arm/local/upgrade';

const STATUSES = {
  InProgress: { label: 'Running', tone: 'accent' },
  Succeeded: { label: 'Upgraded', tone: 'ok' },
  Failed: { label: 'Not upgraded', tone: 'bad' },
} as const;

/** Upgrades of the server, and how long clients waited for each. */
export function UpgradesTable({ rows }: { rows: Upgrade[] }) {
  return (
    <SimpleTable<Upgrade>
      caption="Upgrades"
      rows={rows}
      rowId={(row) => row.name}
      columns={[
        {
          id: 'what',
          header: 'Upgrade',
          render: ({ properties: { fromVersion, toVersion, backup, problem } }) => (
            <div className="min-w-52">
              MySQL {fromVersion} → {toVersion}
              {(problem ?? backup) && (
                <span className="block text-xs text-text-3 [overflow-wrap:anywhere]">
                  {problem ?? `after the full backup “${backup}”`}
                </span>
              )}
            </div>
          ),
        },
        {
          id: 'state',
          header: 'Result',
          render: ({ properties: { status } }) => (
            <Pill tone={STATUSES[status].tone} busy={status === 'InProgress'}>
              {STATUSES[status].label}
            </Pill>
          ),
        },
        { id: 'when', header: 'When', render: ({ properties }) => <Time value={properties.startedAt} /> },
        {
          id: 'downtime',
          header: 'Clients waited',
          align: 'right',
          render: ({ properties: { downtimeMilliseconds: ms } }) =>
            ms === null ? '–' : ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`,
        },
      ]}
    />
  );
}
