import { useQueries } from '@tanstack/react-query';
import { useChosenSubscriptions } from '@/components/blade/chosen-subscriptions';
import { HealthPill } from '@/components/servers/health-pill';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { toErrorWords } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { serverKeyOf } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { fleetHealthQuery } from '@/lib/queries/health';

const MOST = 6;

/** Which servers are not well, with the reason. */
export function HealthCard() {
  const { chosen } = useChosenSubscriptions();
  const queries = useQueries({ queries: chosen.map(({ subscriptionId }) => fleetHealthQuery(subscriptionId)) });
  const failure = queries.find(({ error, data }) => error && !data)?.error;
  const all = queries.flatMap(({ data }) => data ?? []);
  const unwell = all.flatMap(({ id, properties }) => {
    const server = serverKeyOf(id);
    return server && properties.availabilityState !== 'Available' ? [{ id, server, properties }] : [];
  });
  return (
    <Card title="Health" aside={unwell.length > 0 && `${unwell.length} of ${all.length}`} flush>
      {queries.some(({ isPending }) => isPending) ? (
        <SkeletonRows rows={2} columns={2} />
      ) : (
        <>
          {failure && <p className="px-4 py-3 text-bad">{toErrorWords(failure).message}</p>}
          {unwell.length === 0 && !failure && (
            <p className="px-4 py-3 text-text-3">
              {all.length === 0
                ? 'Nothing is known yet.'
                : all.length === 1
                  ? 'The server is available.'
                  : `All ${all.length} servers are available.`}
            </p>
          )}
          <ul>
            {unwell.slice(0, MOST).map(({ id, server, properties }) => (
              <li
                key={id}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 last:border-0"
              >
                <HealthPill state={properties.availabilityState} reasonType={properties.reasonType} />
                <span className="min-w-0 flex-1 basis-40 [overflow-wrap:anywhere]">
                  <Link href={paths.server(server, 'diagnose')}>{server.serverName}</Link>
                  <span className="block text-xs text-text-3">{properties.title}</span>
                </span>
              </li>
            ))}
          </ul>
          {unwell.length > MOST && <p className="px-4 py-2 text-text-3">and {unwell.length - MOST} more</p>}
        </>
      )}
    </Card>
  );
}
