import { useQuery } from '@tanstack/react-query';
import { usePortalConfig } from '@/components/blade/portal-config';
import { useServer } from '@/components/servers/use-server';
import { Card } from '@/components/ui/card';
import { DefinitionList } from '@/components/ui/definition-list';
import { Link } from '@/components/ui/link';
import { Pill } from '@/components/ui/pill';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonDefinitions } from '@/components/ui/skeleton';
import type { FirewallRule } from '@/lib/arm/mysql/firewall-rule';
import type { ServerKey } from '@/lib/arm/resource-id';
import { clientAddressQuery } from '@/lib/queries/client-address';
import { ruleFor } from '@/lib/rules/address-ranges';

/** Where the server listens and what a connection must be like; whether the person's own address gets through. */
export function PublicAccessCard({ server, rules }: { server: ServerKey; rules: FirewallRule[] | undefined }) {
  const query = useServer(server);
  const own = useQuery(clientAddressQuery());
  const { serverCertificateAuthority: authority } = usePortalConfig();
  return (
    <Card title="Public access" aside="allowed addresses only" flush>
      <QueryRegion query={query} skeleton={<SkeletonDefinitions rows={3} columns={2} />}>
        {({ properties: { fullyQualifiedDomainName: host, databasePort } }) => (
          <DefinitionList
            columns={2}
            items={[
              { term: 'Host', value: host ?? 'given once the server is made', copy: host ?? undefined, mono: true },
              { term: 'Port', value: databasePort ?? 3306, mono: true },
              { term: 'TLS', value: '1.2 or later; connections without TLS are refused' },
              {
                term: 'CA certificate',
                value: (
                  <Link href={authority.url} external={authority.kind === 'page'} download={authority.fileName}>
                    {authority.kind === 'file' ? `Download ${authority.fileName}` : 'How to get it'}
                  </Link>
                ),
              },
              {
                term: 'Your address',
                value: <OwnAddress address={own.data?.address} rules={rules} />,
              },
            ]}
          />
        )}
      </QueryRegion>
    </Card>
  );
}

function OwnAddress({ address, rules }: { address: string | null | undefined; rules: FirewallRule[] | undefined }) {
  if (address === undefined || rules === undefined) return '–';
  if (address === null) return 'not IPv4: rules are for IPv4 addresses';
  const rule = ruleFor(
    address,
    rules.map(({ name, properties }) => ({ name, ...properties })),
  );
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="font-mono text-sm">{address}</span>
      {rule ? (
        <>
          <Pill tone="ok">Allowed</Pill> <span>by the rule “{rule.name}”</span>
        </>
      ) : (
        <Pill tone="warn">Not allowed</Pill>
      )}
    </span>
  );
}
