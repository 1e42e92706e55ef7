import { useQueries } from '@tanstack/react-query';
import { Severity } from '@/components/alerts/severity';
import { useChosenSubscriptions } from '@/components/blade/chosen-subscriptions';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { toErrorWords } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import { serverKeyOf } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { firedAlertsQuery } from '@/lib/queries/alerts';

const MOST = 6;

/** What is fired now, the most urgent first. */
export function AlertsCard() {
  const { chosen } = useChosenSubscriptions();
  const queries = useQueries({ queries: chosen.map(({ subscriptionId }) => firedAlertsQuery(subscriptionId)) });
  const failure = queries.find(({ error, data }) => error && !data)?.error;
  const alerts = queries
    .flatMap(({ data }) => data ?? [])
    .flatMap(({ id, name, properties: { essentials } }) => {
      const server = serverKeyOf(essentials.targetResource ?? '');
      return server ? [{ id, name, server, essentials }] : [];
    })
    .toSorted((one, other) => one.essentials.severity.localeCompare(other.essentials.severity));
  return (
    <Card title="Alerts firing" aside={alerts.length > 0 && alerts.length} flush>
      {queries.some(({ isPending }) => isPending) ? (
        <SkeletonRows rows={2} columns={2} />
      ) : (
        <>
          {failure && <p className="px-4 py-3 text-bad">{toErrorWords(failure).message}</p>}
          {alerts.length === 0 && !failure && (
            <p className="px-4 py-3 text-text-3">Nothing fires. Rules are made in a server’s Alerts.</p>
          )}
          <ul>
            {alerts.slice(0, MOST).map(({ id, name, server, essentials }) => (
              <li
                key={id}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 last:border-0"
              >
                <Severity severity={essentials.severity} />
                <span className="min-w-0 flex-1 basis-40 [overflow-wrap:anywhere]">
                  <Link href={paths.server(server, 'alerts')}>{name}</Link>
                  <span className="block text-xs text-text-3">{server.serverName}</span>
                </span>
                <span className="text-xs text-text-3">
                  <Time value={essentials.startDateTime} mode="relative" />
                </span>
              </li>
            ))}
          </ul>
          {alerts.length > MOST && <p className="px-4 py-2 text-text-3">and {alerts.length - MOST} more</p>}
        </>
      )}
    </Card>
  );
}
