import { useMemo } from 'react';
import { DataTable } from '@/components/ui/data-table';
import type { DataColumn } from '@/components/ui/table-columns';
import { formatTime, formatUtc } from '@/components/ui/format-time';
import type { MetricData } from '@/lib/arm/insights/metrics';
import { formatMetric } from '@/lib/rules/metric-values';

const HEIGHT = 240;

interface Row {
  index: number;
}

/** A chart's numbers, newest first. */
export function MetricTable({ label, data }: { label: string; data: MetricData }) {
  const columns = useMemo<DataColumn<Row>[]>(
    () => [
      {
        id: 'time',
        header: 'Time',
        width: 'minmax(150px, 1fr)',
        rowHeader: true,
        sortBy: ({ index }) => data.times[index],
        render: ({ index }) => (
          <span title={formatUtc(new Date(data.times[index]!))}>{formatTime(new Date(data.times[index]!))}</span>
        ),
      },
      ...data.series.map(({ name, displayName, unit, values }): DataColumn<Row> => ({
        id: name,
        header: displayName,
        align: 'right',
        sortBy: ({ index }) => values[index],
        render: ({ index }) => {
          const value = values[index];
          return value == null ? <span className="text-text-3">no sample</span> : formatMetric(value, unit);
        },
      })),
    ],
    [data],
  );
  const rows = useMemo(() => data.times.map((_, index): Row => ({ index })).reverse(), [data.times]);
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      rowId={({ index }) => String(index)}
      maxHeight={HEIGHT}
      rowHeight={31}
    />
  );
}
