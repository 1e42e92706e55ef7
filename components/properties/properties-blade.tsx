'use client';

import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { useServer } from '@/components/servers/use-server';
import { Card } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { DefinitionList, type Definition } from '@/components/ui/definition-list';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonDefinitions } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import type { Server } from '@/lib/arm/mysql/server';
import { parseResourceId } from '@/lib/arm/resource-id';

/** Everything that the service says of a server, to be read and copied. */
export function PropertiesBlade() {
  const key = useServerKey();
  const query = useServer(key);
  return (
    <ServerBlade title="Properties">
      <QueryRegion
        query={query}
        skeleton={
          <Card title="Identity" flush>
            <SkeletonDefinitions rows={6} columns={1} />
          </Card>
        }
      >
        {(server) => (
          <>
            <Card title="Identity" flush>
              <DefinitionList columns={1} items={identityOf(server)} />
            </Card>
            <Card title="Endpoint and MySQL" flush>
              <DefinitionList items={endpointOf(server)} />
            </Card>
            <Card title="History" flush>
              <DefinitionList items={historyOf(server)} />
            </Card>
            <Card title="As the service has it">
              <CodeBlock code={JSON.stringify(server, null, 2)} label="The server as JSON" maxHeight={560} />
            </Card>
          </>
        )}
      </QueryRegion>
    </ServerBlade>
  );
}

const copied = (term: string, value: string | null | undefined): Definition =>
  value ? { term, value, copy: value, mono: true } : { term, value: '–' };

function identityOf(server: Server): Definition[] {
  const { subscriptionId, resourceGroup } = parseResourceId(server.id) ?? {};
  return [
    copied('Name', server.name),
    copied('Resource id', server.id),
    copied('Type', server.type),
    copied('Subscription id', subscriptionId),
    copied('Resource group', resourceGroup),
    copied('Location', server.location),
  ];
}

function endpointOf({ properties }: Server): Definition[] {
  const { network, availabilityZone: zone } = properties;
  return [
    copied('Host', properties.fullyQualifiedDomainName),
    copied('Port', properties.databasePort ? String(properties.databasePort) : '3306'),
    copied('Admin name', properties.administratorLogin),
    copied('MySQL version', properties.fullVersion ?? properties.version),
    { term: 'Availability zone', value: zone || '–' },
    { term: 'Public access', value: network?.publicNetworkAccess ?? '–' },
    { term: 'Replication role', value: properties.replicationRole ?? 'None' },
    { term: 'State', value: properties.state ?? '–' },
  ];
}

function historyOf({ systemData }: Server): Definition[] {
  const time = (value: string | undefined) => (value ? <Time value={value} /> : '–');
  return [
    { term: 'Created', value: time(systemData?.createdAt) },
    { term: 'Created by', value: systemData?.createdBy ?? '–' },
    { term: 'Last changed', value: time(systemData?.lastModifiedAt) },
    { term: 'Last changed by', value: systemData?.lastModifiedBy ?? '–' },
  ];
}
