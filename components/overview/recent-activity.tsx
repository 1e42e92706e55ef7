import { useQuery } from '@tanstack/react-query';
import { ActivityStatus, activityTitle } from '@/components/activity-log/activity-words';
import { isPassingServer, useServer } from '@/components/servers/use-server';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { activityLogQuery } from '@/lib/queries/activity-log';
import { againAfter } from '@/lib/queries/client';
import { callerWords, groupActivity } from '@/lib/rules/activity';

const MOST = 6;
const WHILE_PASSING = 3000;
const AT_REST = 30_000;

/** The last day in a few lines. */
export function RecentActivity({ server }: { server: ServerKey }) {
  const { data: details } = useServer(server);
  const query = useQuery({
    ...activityLogQuery(server, 24),
    // What nobody on this page asked for stands here as well.
    refetchInterval: ({ state }) => againAfter(state.error) || (isPassingServer(details) ? WHILE_PASSING : AT_REST),
  });
  return (
    <Card title="What happened" aside={<Link href={paths.server(server, 'activity-log')}>last 24 hours</Link>} flush>
      <QueryRegion
        query={query}
        skeleton={<SkeletonRows rows={3} columns={2} />}
        isEmpty={(events) => events.length === 0}
        empty={<EmptyState title="Nothing in the last 24 hours">Changes of this server are listed here.</EmptyState>}
      >
        {(events) => (
          <ul>
            {groupActivity(events)
              .slice(0, MOST)
              .map((activity) => (
                <li
                  key={activity.id}
                  className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b border-line px-4 py-2 last:border-0"
                >
                  <span className="w-24 shrink-0 text-text-3">
                    <Time value={activity.at} mode="relative" />
                  </span>
                  <span className="min-w-0 flex-1 basis-48">
                    <b className="font-semibold [overflow-wrap:anywhere]">{activityTitle(activity)}</b> by{' '}
                    {callerWords(activity.caller)}
                    {activity.error && <span className="block text-bad">{activity.error}</span>}
                    {activity.story && (
                      <span className="block [overflow-wrap:anywhere] text-text-2">{activity.story}</span>
                    )}
                  </span>
                  <ActivityStatus status={activity.status} />
                </li>
              ))}
          </ul>
        )}
      </QueryRegion>
    </Card>
  );
}
