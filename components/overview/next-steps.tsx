import { useQuery } from '@tanstack/react-query';
import { useServer } from '@/components/servers/use-server';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import type { FirewallRule } from '@/lib/arm/mysql/firewall-rule';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths, type ServerBlade } from '@/lib/paths';
import { alertRulesQuery } from '@/lib/queries/alerts';
import { databasesQuery } from '@/lib/queries/databases';
import { failoverRehearsalsQuery } from '@/lib/queries/failover-rehearsals';
import { firewallRulesQuery } from '@/lib/queries/firewall-rules';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { addressCount, isAzureServicesRule } from '@/lib/rules/address-ranges';
import { isSystemDatabase } from '@/lib/rules/names';
import { actionProblem } from '@/lib/rules/server-actions';

const WIDE = 65_536;
const REHEARSAL_MS = 30 * 24 * 60 * 60_000;

/** What a careful colleague would say next. */
export function NextSteps({ server }: { server: ServerKey }) {
  const rules = useQuery(firewallRulesQuery(server));
  const alerts = useQuery(alertRulesQuery(server));
  const { data: details } = useServer(server);
  const canList = details !== undefined && !actionProblem('databases', details.properties.state ?? '');
  const databases = useQuery({ ...databasesQuery(server), enabled: canList });
  const isLocal = useFlexdeckLocal(server.subscriptionId);
  const rehearsals = useQuery({
    ...failoverRehearsalsQuery(server),
    enabled: isLocal && details?.properties.highAvailability?.state === 'Healthy',
  });
  const steps: { id: string; words: string; blade: ServerBlade; pane?: string; link: string }[] = [];
  if (rules.data) steps.push(accessStep(rules.data));
  if (databases.data?.every(({ name }) => isSystemDatabase(name))) {
    steps.push({ id: 'databases', words: 'No database of your own yet.', blade: 'databases', link: 'Create one' });
  }
  if (alerts.data?.length === 0) {
    const words = 'Nobody is told when something goes wrong.';
    steps.push({ id: 'alerts', words, blade: 'alerts', pane: 'recommended', link: 'Use the recommended alerts' });
  }
  if (rehearsals.data && !rehearsals.data.some(({ properties }) => isRecent(properties.startTime))) {
    const words = 'No failover was rehearsed in the last 30 days.';
    steps.push({ id: 'rehearse', words, blade: 'high-availability', pane: 'rehearse', link: 'Rehearse one' });
  }
  steps.push({ id: 'connect', words: 'Samples for your language are ready.', blade: 'connect', link: 'Connect' });
  return (
    <Card title="Next steps" flush>
      <QueryRegion query={rules} skeleton={<SkeletonRows rows={3} columns={1} />}>
        {() => (
          <ul>
            {steps.map(({ id, words, blade, pane, link }) => (
              <li key={id} className="border-b border-line px-4 py-2 last:border-0">
                {words} <Link href={paths.server(server, blade, pane)}>{link}</Link>
              </li>
            ))}
          </ul>
        )}
      </QueryRegion>
    </Card>
  );
}

function isRecent(startTime: string): boolean {
  return Date.now() - Date.parse(startTime) < REHEARSAL_MS;
}

function accessStep(rules: FirewallRule[]) {
  const step = { id: 'access', blade: 'networking' } as const;
  const admitted = rules
    .map(({ properties }) => properties)
    .filter((range) => !isAzureServicesRule(range))
    .reduce((sum, range) => sum + (addressCount(range) ?? 0), 0);
  if (rules.length === 0)
    return { ...step, words: 'Nobody can connect: no firewall rule yet.', link: 'Add your address' };
  if (admitted > WIDE) {
    const words = `The firewall admits ${Math.min(admitted, 2 ** 32).toLocaleString('en-US')} addresses.`;
    return { ...step, words, link: 'Narrow it' };
  }
  const who = rules.length === 1 ? 'One firewall rule admits' : `${rules.length} firewall rules admit`;
  const count = admitted === 1 ? 'one address' : `${admitted.toLocaleString('en-US')} addresses`;
  return { ...step, words: `${who} ${count}.`, link: 'Review' };
}
