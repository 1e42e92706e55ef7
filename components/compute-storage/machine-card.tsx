import { useQuery } from '@tanstack/react-query';
import { Card } from '@/components/ui/card';
import { DefinitionList } from '@/components/ui/definition-list';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonDefinitions } from '@/components/ui/skeleton';
import type { ServerKey } from '@/lib/arm/resource-id';
import { limitsQuery } from '@/lib/queries/servers';

/** What a size holds a server to where all servers share a machine, and what it does not. */
export function MachineCard({ server }: { server: ServerKey }) {
  const query = useQuery({ ...limitsQuery(server), refetchInterval: 30_000 });
  return (
    <Card title="What a size means on this machine" aside="servers share it">
      <QueryRegion query={query} skeleton={<SkeletonDefinitions rows={6} columns={1} />}>
        {({ properties }) => (
          <DefinitionList
            inset
            columns={1}
            items={[
              { term: 'Connections', value: 'Held: the same limits as in Azure.' },
              { term: 'Storage', value: 'Held: read-only when it is almost full, until it is larger.' },
              {
                term: 'Memory',
                value: 'The buffer pool follows the size, up to a sixteenth of this machine’s memory.',
              },
              {
                term: 'IOPS',
                value: 'Told to InnoDB as its IO capacity, while the server runs. The disk itself is not held back.',
              },
              { term: 'vCores', value: properties.processors },
              { term: 'CPU credits', value: 'Counted as in Azure. A server that has none left is not slowed down.' },
            ]}
          />
        )}
      </QueryRegion>
    </Card>
  );
}
