import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import type { FirewallRule } from '@/lib/arm/mysql/firewall-rule';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { firewallRulesQuery } from '@/lib/queries/firewall-rules';
import { addressCount, isAzureServicesRule } from '@/lib/rules/address-ranges';

const WIDE = 65_536;

/** What a careful colleague would say next. */
export function NextSteps({ server }: { server: ServerKey }) {
  const rules = useQuery(firewallRulesQuery(server));
  return (
    <Card title="Next steps" flush>
      <QueryRegion query={rules} skeleton={<SkeletonRows rows={2} columns={1} />}>
        {(list) => (
          <ul>
            {steps(list, server).map(({ id, content }) => (
              <li key={id} className="border-b border-line px-4 py-2 last:border-0">
                {content}
              </li>
            ))}
          </ul>
        )}
      </QueryRegion>
    </Card>
  );
}

function steps(rules: FirewallRule[], server: ServerKey): { id: string; content: ReactNode }[] {
  const networking = paths.server(server, 'networking');
  const admitted = rules
    .map(({ properties }) => properties)
    .filter((range) => !isAzureServicesRule(range))
    .reduce((sum, range) => sum + (addressCount(range) ?? 0), 0);
  const access =
    rules.length === 0 ? (
      <>
        Nobody can connect: no firewall rule yet. <Link href={networking}>Add your address</Link>
      </>
    ) : admitted > WIDE ? (
      <>
        The firewall admits {Math.min(admitted, 2 ** 32).toLocaleString()} addresses.{' '}
        <Link href={networking}>Narrow it</Link>
      </>
    ) : (
      <>
        {rules.length === 1 ? 'One firewall rule admits' : `${rules.length} firewall rules admit`}{' '}
        {admitted === 1 ? 'one address' : `${admitted.toLocaleString()} addresses`}.{' '}
        <Link href={networking}>Review</Link>
      </>
    );
  return [
    { id: 'access', content: access },
    {
      id: 'connect',
      content: (
        <>
          Connection strings and samples for your language. <Link href={paths.server(server, 'connect')}>Connect</Link>
        </>
      ),
    },
    {
      id: 'databases',
      content: (
        <>
          Make a database for your application. <Link href={paths.server(server, 'databases')}>Databases</Link>
        </>
      ),
    },
  ];
}
