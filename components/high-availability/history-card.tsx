import { useQuery } from '@tanstack/react-query';
import { ActivityStatus } from '@/components/activity-log/activity-words';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { activityLogQuery } from '@/lib/queries/activity-log';
import { callerWords, groupActivity } from '@/lib/rules/activity';
import { isHighAvailabilityActivity } from '@/lib/rules/high-availability';

const NINETY_DAYS = 90 * 24;

/** Failovers and standbys that were lost and rebuilt, as the activity log tells them. */
export function HistoryCard({ server, often }: { server: ServerKey; often: boolean }) {
  const query = useQuery({
    ...activityLogQuery(server, NINETY_DAYS),
    // Failovers that nobody asked for begin and end by themselves.
    refetchInterval: often ? 2000 : 30_000,
  });
  const activities = groupActivity(query.data ?? []).filter(isHighAvailabilityActivity);
  return (
    <Card title="History" aside={<Link href={paths.server(server, 'activity-log')}>activity log</Link>} flush>
      <QueryRegion
        query={query}
        skeleton={<SkeletonRows rows={3} columns={3} />}
        isEmpty={() => activities.length === 0}
        empty={
          <EmptyState title="No failover in the last 90 days">
            Failovers and standbys that were lost or rebuilt are listed here, with the reason and for how long writes
            waited.
          </EmptyState>
        }
      >
        {() => (
          <ul aria-label="Failovers and standbys of the last 90 days">
            {activities.map((activity) => (
              <li
                key={activity.id}
                className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 border-b border-line px-4 py-2 last:border-0"
              >
                <span className="w-44 shrink-0 text-text-3">
                  <Time value={activity.at} seconds />
                </span>
                <span className="min-w-0 flex-1 basis-48">
                  <b className="font-semibold [overflow-wrap:anywhere]">{activity.title}</b> by{' '}
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
