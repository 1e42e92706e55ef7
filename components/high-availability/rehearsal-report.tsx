import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Notice } from '@/components/ui/notice';
import { QueryRegion } from '@/components/ui/query-region';
import { SimpleTable, type SimpleColumn } from '@/components/ui/simple-table';
import { SkeletonDefinitions } from '@/components/ui/skeleton';
import type { FailoverRehearsal } from '@/lib/arm/local/failover-rehearsal';
import type { ServerKey } from '@/lib/arm/resource-id';
import { failoverRehearsalQuery } from '@/lib/queries/failover-rehearsals';
import { FINDINGS, formatGap, rehearsalLabel } from '@/lib/rules/failover-rehearsals';
import { RehearsalChart, stretchOf } from './rehearsal-chart';

interface RehearsalReportProps {
  server: ServerKey;
  name: string;
  /** The name of another one, to hold it against. */
  other: string | undefined;
}

/** One report, or two beside each other: what was written around the gap, and what came out. */
export function RehearsalReport({ server, name, other }: RehearsalReportProps) {
  const query = useQuery({
    ...failoverRehearsalQuery(server, name),
    refetchInterval: ({ state }) => (state.data?.properties.state === 'Running' ? 1000 : false),
  });
  const against = useQuery(failoverRehearsalQuery(server, other ?? name));
  return (
    <QueryRegion query={query} skeleton={<SkeletonDefinitions rows={6} columns={2} />}>
      {(one) => {
        if (!other) return <Reports rehearsals={[one]} />;
        return (
          <QueryRegion query={against} skeleton={<SkeletonDefinitions rows={6} columns={2} />}>
            {(two) => <Reports rehearsals={[one, two]} />}
          </QueryRegion>
        );
      }}
    </QueryRegion>
  );
}

function Reports({ rehearsals }: { rehearsals: FailoverRehearsal[] }) {
  const lengths = rehearsals.flatMap(({ properties: { report } }) => {
    if (!report) return [];
    const { from, to } = stretchOf(report);
    return [to - from];
  });
  const titles = rehearsals.map(({ properties }) => rehearsalLabel(properties.kind));
  return (
    <div className="grid gap-4">
      {rehearsals.map((rehearsal, index) => (
        <Drawing
          key={rehearsal.name}
          rehearsal={rehearsal}
          title={rehearsals.length > 1 ? `${index + 1} · ${titles[index]}` : undefined}
          lengthMs={Math.max(...lengths)}
        />
      ))}
      <Findings rehearsals={rehearsals} />
      {rehearsals.length === 1 && <Phases rehearsal={rehearsals[0]!} />}
    </div>
  );
}

function Drawing({
  rehearsal,
  title,
  lengthMs,
}: {
  rehearsal: FailoverRehearsal;
  title: string | undefined;
  lengthMs: number;
}) {
  const { kind, report, samples, error, state } = rehearsal.properties;
  return (
    <div className="grid gap-2">
      {title && <h3 className="font-semibold">{title}</h3>}
      {state === 'Running' && !report && (
        <Notice tone="info">It is running. What it finds is shown when it has ended.</Notice>
      )}
      {error && (
        <Notice tone="bad" title="There is no report.">
          {error.message}
        </Notice>
      )}
      {report && report.acknowledgedAndLost > 0 && (
        <Notice tone="bad" title={`${report.acknowledgedAndLost} acknowledged rows are missing.`}>
          Their numbers: {report.lostRows.join(', ')}
          {report.lostRows.length < report.acknowledgedAndLost && ' …'}
        </Notice>
      )}
      {report && samples && (
        <RehearsalChart
          label={title ?? 'Writes around the gap'}
          beginning={kind === 'Planned' ? 'asked for' : 'fault'}
          report={report}
          samples={samples}
          lengthMs={lengthMs}
        />
      )}
    </div>
  );
}

type Row = { label: string; values: string[] };

function Findings({ rehearsals }: { rehearsals: FailoverRehearsal[] }) {
  const rows = FINDINGS.map(({ label, value }) => ({ label, values: rehearsals.map(value) }));
  const columns: SimpleColumn<Row>[] = [
    { id: 'label', header: 'Finding', headerHidden: true, render: ({ label }) => label },
    ...rehearsals.map((_, index): SimpleColumn<Row> => ({
      id: String(index),
      header: rehearsals.length > 1 ? String(index + 1) : 'Value',
      headerHidden: rehearsals.length === 1,
      align: 'right',
      render: ({ values }) => emphasize(values, index),
    })),
  ];
  return (
    <SimpleTable inset="none" caption="What came out" columns={columns} rows={rows} rowId={({ label }) => label} />
  );
}

/** Where two differ, both stand out. */
function emphasize(values: string[], index: number): ReactNode {
  const differ = values.some((value) => value !== values[0]);
  return differ ? <b className="font-semibold">{values[index]}</b> : values[index];
}

function Phases({ rehearsal }: { rehearsal: FailoverRehearsal }) {
  const { report } = rehearsal.properties;
  if (!report) return null;
  return (
    <SimpleTable
      inset="none"
      caption="How long each phase took"
      columns={[
        { id: 'name', header: 'Phase', render: ({ name }) => name },
        { id: 'took', header: 'Took', align: 'right', render: ({ start, end }) => formatGap(end - start) },
      ]}
      rows={report.phases}
      rowId={({ name }) => name}
    />
  );
}
