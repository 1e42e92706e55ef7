'use client';

import { Plus, RefreshCw, Server } from 'lucide-react';
import { BladeFrame } from '@/components/blade/blade-frame';
import { FleetFailures } from '@/components/servers/fleet-failures';
import { useFleet } from '@/components/servers/use-fleet';
import { Card } from '@/components/ui/card';
import { LinkButton } from '@/components/ui/link';
import { toErrorWords } from '@/components/ui/query-region';
import { Skeleton, SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState, ErrorState, ForbiddenState } from '@/components/ui/states';
import { paths } from '@/lib/paths';
import { AlertsCard } from './alerts-card';
import { CostCard } from './cost-card';
import { FacetCard } from './facet-card';
import { LostZones } from './lost-zones';
import { MaintenanceCalendar } from './maintenance-calendar';
import { HealthCard } from './health-card';
import { OperationsCard } from './operations-card';
import { RecentCard } from './recent-card';

/** The fleet at a glance. Every number leads to the servers that it counts. */
export function HomeBlade() {
  const fleet = useFleet();
  const { servers, isPending, isPartial, failures, subscriptions, chosen, refresh, isFetching } = fleet;
  const isEmpty = !isPending && !isPartial && failures.length === 0 && servers.length === 0;
  const listError = subscriptions.error && !subscriptions.data ? toErrorWords(subscriptions.error) : undefined;
  return (
    <BladeFrame
      crumbs={[{ label: 'Home' }]}
      title="Home"
      type={!isPending && !isEmpty && servers.length > 0 ? countWords(servers.length, chosen.length) : undefined}
      commands={[
        { id: 'create', label: 'Create', icon: Plus, href: paths.createServer() },
        { id: 'servers', label: 'All servers', icon: Server, href: paths.servers() },
        { id: 'refresh', label: 'Refresh', icon: RefreshCw, onSelect: refresh, pending: isFetching },
      ]}
      notices={
        <>
          <LostZones servers={servers} />
          <FleetFailures fleet={fleet} />
        </>
      }
    >
      {listError ? (
        <Card flush>
          {listError.status === 403 ? (
            <ForbiddenState error={listError} onRetry={refresh} />
          ) : (
            <ErrorState error={listError} onRetry={refresh} />
          )}
        </Card>
      ) : isEmpty ? (
        <Welcome hasSubscription={chosen.length > 0} />
      ) : (
        <>
          <div className="grid gap-[18px] sm:grid-cols-2 xl:grid-cols-4 [&>*]:min-w-0">
            {isPending ? (
              ['By state', 'By tier', 'By version', 'A month'].map((title) => (
                <Card key={title} title={title} flush>
                  <SkeletonRows rows={3} columns={2} />
                </Card>
              ))
            ) : (
              <>
                <FacetCard servers={servers} facet="state" title="By state" />
                <FacetCard servers={servers} facet="tier" title="By tier" />
                <FacetCard servers={servers} facet="version" title="By MySQL version" />
                <CostCard servers={servers} />
              </>
            )}
          </div>
          <MaintenanceCalendar />
          <div className="grid gap-[18px] lg:grid-cols-2 [&>*]:min-w-0">
            <AlertsCard />
            <HealthCard />
            <OperationsCard />
            {isPending ? (
              <Card title="Recently used">
                <Skeleton height={90} />
              </Card>
            ) : (
              <RecentCard servers={servers} isPartial={isPartial || failures.length > 0} />
            )}
          </div>
        </>
      )}
    </BladeFrame>
  );
}

function countWords(servers: number, subscriptions: number): string {
  const of = subscriptions === 1 ? '' : ` in ${subscriptions} subscriptions`;
  return `${servers.toLocaleString('en-US')} ${servers === 1 ? 'server' : 'servers'}${of}`;
}

function Welcome({ hasSubscription }: { hasSubscription: boolean }) {
  return (
    <Card flush>
      <div className="py-8">
        {hasSubscription ? (
          <EmptyState
            icon={Server}
            title="Welcome. There is no server yet."
            action={
              <LinkButton variant="primary" icon={Plus} href={paths.createServer()}>
                Create a server
              </LinkButton>
            }
          >
            A server is a MySQL of its own: you choose its size, who may reach it and where it runs. Once there are
            some, their states, costs and what is going on stand here.
          </EmptyState>
        ) : (
          <EmptyState icon={Server} title="No subscription to look at">
            Your account sees no subscription. Ask an owner for a role in one.
          </EmptyState>
        )}
      </div>
    </Card>
  );
}
