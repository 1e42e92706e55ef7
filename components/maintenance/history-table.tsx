import { Pill } from '@/components/ui/pill';
import { SimpleTable } from '@/components/ui/simple-table';
import { Time } from '@/components/ui/time';
import type { Maintenance } from '@/lib/arm/mysql/maintenance';

/** What was done, and how long clients waited for it. */
export function HistoryTable({ rows }: { rows: Maintenance[] }) {
  return (
    <SimpleTable<Maintenance>
      caption="Past maintenances"
      rows={rows}
      rowId={(row) => row.name}
      columns={[
        {
          id: 'what',
          header: 'What',
          render: ({ name, properties }) => (
            <div className="min-w-52">
              {properties.maintenanceTitle ?? name}
              {properties.maintenanceState === 'Canceled' && properties.maintenanceDescription && (
                <span className="block text-xs text-text-3">{properties.maintenanceDescription}</span>
              )}
            </div>
          ),
        },
        {
          id: 'state',
          header: 'Result',
          render: ({ properties: { maintenanceState: state } }) => (
            <Pill tone={state === 'Completed' ? 'ok' : 'off'}>{state}</Pill>
          ),
        },
        {
          id: 'when',
          header: 'When',
          render: ({ properties }) => {
            const at = properties.maintenanceExecutionStartTime ?? properties.maintenanceStartTime;
            return at ? <Time value={at} /> : '–';
          },
        },
        {
          id: 'downtime',
          header: 'Clients waited',
          align: 'right',
          render: ({ properties: { downtimeMilliseconds: ms } }) =>
            typeof ms === 'number' ? (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`) : '–',
        },
      ]}
    />
  );
}
