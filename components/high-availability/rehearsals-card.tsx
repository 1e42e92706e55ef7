import { useQuery } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { loadModal } from '@/components/ui/dialog';
import { onIntent } from '@/components/ui/on-intent';
import { Pill } from '@/components/ui/pill';
import { QueryRegion } from '@/components/ui/query-region';
import { SimpleTable, type SimpleColumn } from '@/components/ui/simple-table';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { TextButton } from '@/components/ui/text-button';
import { Time } from '@/components/ui/time';
import type { FailoverRehearsal } from '@/lib/arm/local/failover-rehearsal';
import type { ServerKey } from '@/lib/arm/resource-id';
import { failoverRehearsalsQuery } from '@/lib/queries/failover-rehearsals';
import { formatGap, rehearsalLabel } from '@/lib/rules/failover-rehearsals';

const WHILE_RUNNING = 1000;
const AT_REST = 30_000;

interface RehearsalsCardProps {
  server: ServerKey;
  onOpen: (name: string) => void;
  onRehearse: () => void;
  /** Why none can be begun now. */
  rehearseProblem: string | undefined;
}

/** Reports of failover rehearsals; each opens. */
export function RehearsalsCard({ server, onOpen, onRehearse, rehearseProblem }: RehearsalsCardProps) {
  const query = useQuery({
    ...failoverRehearsalsQuery(server),
    refetchInterval: ({ state }) =>
      state.data?.some(({ properties }) => properties.state === 'Running') ? WHILE_RUNNING : AT_REST,
  });
  const columns: SimpleColumn<FailoverRehearsal>[] = [
    {
      id: 'kind',
      header: 'Rehearsed',
      render: ({ name, properties: { kind, startTime } }) => (
        <>
          <TextButton onClick={() => onOpen(name)} {...onIntent(() => import('./rehearsal-pane'), loadModal)}>
            {rehearsalLabel(kind)}
          </TextButton>
          <span className="block text-text-3">
            <Time value={startTime} seconds />
          </span>
        </>
      ),
    },
    {
      id: 'result',
      header: 'Result',
      render: (row) => (
        <>
          <RehearsalResult rehearsal={row} />
          {/* On phones the columns at the right are a swipe away. */}
          <span className="mt-1 block text-xs text-text-3 sm:hidden">
            {row.properties.report && `gap ${formatGap(row.properties.report.longestGapMilliseconds)}`}
          </span>
        </>
      ),
    },
    {
      id: 'gap',
      header: 'Longest gap in writes',
      align: 'right',
      render: ofReport('longestGapMilliseconds', formatGap),
    },
    { id: 'acknowledged', header: 'Acknowledged', align: 'right', render: ofReport('acknowledgedWrites') },
    { id: 'lost', header: 'Of them lost', align: 'right', render: ofReport('acknowledgedAndLost') },
    { id: 'refused', header: 'Refused', align: 'right', render: ofReport('refusedConnections') },
  ];
  return (
    <Card title="Failover rehearsals" aside="newest first" flush>
      <QueryRegion
        query={query}
        skeleton={<SkeletonRows rows={2} columns={5} />}
        isEmpty={(data) => data.length === 0}
        empty={
          <EmptyState
            icon={FlaskConical}
            title="No failover was rehearsed yet"
            action={
              <Button
                icon={FlaskConical}
                onClick={onRehearse}
                disabledReason={rehearseProblem}
                {...onIntent(() => import('./rehearse-pane'), loadModal)}
              >
                Rehearse failover
              </Button>
            }
          >
            A rehearsal is a real failover under a writer of its own. Its report says how long writes stood still, and
            proves that nothing acknowledged was lost.
          </EmptyState>
        }
      >
        {(data) => (
          <SimpleTable caption="Failover rehearsals" columns={columns} rows={data} rowId={({ name }) => name} />
        )}
      </QueryRegion>
    </Card>
  );
}

type Report = NonNullable<FailoverRehearsal['properties']['report']>;
type Figure = 'longestGapMilliseconds' | 'acknowledgedWrites' | 'acknowledgedAndLost' | 'refusedConnections';

function ofReport(figure: Figure, format = (value: number) => value.toLocaleString('en-US')) {
  return ({ properties: { report } }: FailoverRehearsal) => (report ? format((report satisfies Report)[figure]) : '–');
}

/** Nothing lost, rows lost, no report, or still running. */
export function RehearsalResult({ rehearsal }: { rehearsal: FailoverRehearsal }) {
  const { state, report } = rehearsal.properties;
  if (state === 'Running') {
    return (
      <Pill tone="accent" busy>
        Running
      </Pill>
    );
  }
  if (!report) return <Pill tone="bad">Failed</Pill>;
  if (report.acknowledgedAndLost > 0) return <Pill tone="bad">Rows lost</Pill>;
  return <Pill tone="ok">Nothing lost</Pill>;
}
