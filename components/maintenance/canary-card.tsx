import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { QueryRegion } from '@/components/ui/query-region';
import { Skeleton } from '@/components/ui/skeleton';
import type { Server } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { canaryBody, describeCanary, isCanary } from '@/lib/rules/maintenance-changes';

interface CanaryCardProps {
  server: ServerKey;
  query: UseQueryResult<Server>;
  run: BeginAction<[ServerKey, ReturnType<typeof canaryBody>]>;
  disabledReason: string | undefined;
}

/** Whether the server has builds before all others. */
export function CanaryCard({ server, query, run, disabledReason }: CanaryCardProps) {
  const [isOpen, setOpen] = useState(false);
  const change = useServerChange(server, run);
  const wanted = query.data ? !isCanary(query.data) : true;
  const close = () => {
    setOpen(false);
    change.reset();
  };
  const apply = async () => {
    const title = `Changing the patch strategy of ${server.serverName}`;
    if (await change.submit(title, server, canaryBody(wanted))) close();
  };
  return (
    <Card title="Patch strategy">
      <QueryRegion query={query} skeleton={<Skeleton height={56} />}>
        {(data) => (
          <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
            <p className="max-w-prose flex-1 basis-72 text-text-2">
              {isCanary(data)
                ? 'Virtual canary: this server gets a new build before all others, so that a fault is found here first.'
                : 'Regular: this server gets a new build in its window. A virtual canary gets it before all others: choose one that stands for the others and that nobody depends on.'}
            </p>
            <Button onClick={() => setOpen(true)} disabledReason={disabledReason}>
              {isCanary(data) ? 'Make it regular' : 'Make it a virtual canary'}
            </Button>
          </div>
        )}
      </QueryRegion>
      <ChangePane
        isOpen={isOpen}
        onClose={close}
        title="Change the patch strategy"
        subtitle={server.serverName}
        change={describeCanary(server, wanted)}
        applyLabel="Apply"
        applyDisabledReason={disabledReason}
        pending={change.pending}
        error={change.error}
        onApply={() => void apply()}
      />
    </Card>
  );
}
