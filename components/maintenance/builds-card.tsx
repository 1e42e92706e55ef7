import { useQuery } from '@tanstack/react-query';
import { Card } from '@/components/ui/card';
import { Pill } from '@/components/ui/pill';
import { QueryRegion } from '@/components/ui/query-region';
import { SimpleTable } from '@/components/ui/simple-table';
import { SkeletonRows } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import type { MysqlBuild } from '@/lib/arm/local/build';
import type { ServerKey } from '@/lib/arm/resource-id';
import { buildsQuery } from '@/lib/queries/maintenances';

const STATES = {
  InUse: { label: 'In use', tone: 'ok' },
  Newer: { label: 'Newer', tone: 'accent' },
  NotNewer: { label: 'Not newer', tone: 'off' },
  OtherSeries: { label: 'Other series', tone: 'off' },
  Unusable: { label: 'Can’t be used', tone: 'bad' },
} as const;

/** The builds of MySQL that the service has, and why each comes to the server or does not. */
export function BuildsCard({ server }: { server: ServerKey }) {
  const query = useQuery({ ...buildsQuery(server), refetchInterval: 30_000 });
  return (
    <Card title="Builds of MySQL on this machine" aside="a newer one becomes a maintenance" flush>
      <QueryRegion query={query} skeleton={<SkeletonRows rows={2} columns={4} />}>
        {(list) => (
          <SimpleTable<MysqlBuild>
            caption="Builds of MySQL"
            rows={list}
            rowId={(row) => row.name}
            columns={[
              {
                id: 'build',
                header: 'Build',
                render: ({ name, properties: { version } }) => (
                  <>
                    <span className="whitespace-nowrap">{version ? `MySQL ${version}` : name}</span>
                    {version && <span className="block text-xs text-text-3 [overflow-wrap:anywhere]">{name}</span>}
                  </>
                ),
              },
              {
                id: 'came',
                header: 'Here since',
                render: ({ properties: { cameAt } }) => (cameAt ? <Time value={cameAt} mode="relative" /> : '–'),
              },
              {
                id: 'state',
                header: 'For this server',
                render: ({ properties: { state, explanation } }) => (
                  <>
                    <Pill tone={STATES[state].tone}>{STATES[state].label}</Pill>
                    <span className="block text-xs text-text-2">{explanation}</span>
                  </>
                ),
              },
            ]}
          />
        )}
      </QueryRegion>
    </Card>
  );
}
