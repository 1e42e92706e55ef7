'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { parseAsString, useQueryStates } from 'nuqs';
import { useEffect, useMemo } from 'react';
import { BladeFrame } from '@/components/blade/blade-frame';
import { useOperations } from '@/components/blade/operations';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { LinkButton } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { Pill } from '@/components/ui/pill';
import { toErrorWords } from '@/components/ui/query-region';
import { EmptyState } from '@/components/ui/states';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { apiPaths, paths } from '@/lib/paths';
import { keyOf } from '@/lib/queries/client';
import { firewallRulesQuery } from '@/lib/queries/firewall-rules';
import { serverQuery } from '@/lib/queries/servers';
import type { DeploymentActions } from './create-actions';
import { useCreateDraft } from './create-draft';
import { DeploymentStepList } from './deployment-step-list';
import { deploymentSteps, type DeploymentStep } from './deployment-steps';
import { usePendingDeployments } from './use-pending-deployment';
import { useRuleRunner } from './use-rule-runner';

/** How the making of the server in the address goes, to its end. */
export function Deployment({ actions }: { actions: DeploymentActions }) {
  const [{ subscription, group, name }] = useQueryStates({
    subscription: parseAsString,
    group: parseAsString,
    name: parseAsString,
  });
  const key = useMemo(
    () =>
      subscription && group && name
        ? { subscriptionId: subscription, resourceGroup: group, serverName: name }
        : undefined,
    [subscription, group, name],
  );
  if (key) return <ServerDeployment server={key} actions={actions} />;
  return (
    <BladeFrame title="Deployment" crumbs={crumbs}>
      <EmptyState
        title="Which deployment?"
        action={<LinkButton href={paths.createServer()}>Create a server</LinkButton>}
      >
        The address names no server.
      </EmptyState>
    </BladeFrame>
  );
}

const crumbs = [
  { label: 'Home', href: paths.home() },
  { label: 'Servers', href: paths.servers() },
  { label: 'Create', href: paths.createServer() },
  { label: 'Deployment' },
];

const NOT_READY_POLL_MILLISECONDS = 3000;

function ServerDeployment({ server: key, actions }: { server: ServerKey; actions: DeploymentActions }) {
  const queryClient = useQueryClient();
  const draft = useCreateDraft();
  const { operations } = useOperations();
  const { find, forget } = usePendingDeployments();
  // Read once: it goes from the storage when all is done, and the page keeps showing its steps.
  const pending = useMemo(() => find(key), [find, key]);
  const id = serverId(key).toLowerCase();
  const operation = operations.find(({ operationUrl }) => operationUrl === pending?.operationUrl);
  const server = useQuery({
    ...serverQuery(key),
    refetchInterval: ({ state }) => {
      const settled = ['Ready', 'Stopped', 'Disabled'].includes(state.data?.properties.state ?? '');
      return settled || (state.error && operation?.status !== 'Running') ? false : NOT_READY_POLL_MILLISECONDS;
    },
  });
  const isReady = server.data?.properties.state === 'Ready' && !server.error && operation?.status !== 'Running';
  const wanted = pending?.rules ?? [];
  const rules = useQuery({ ...firewallRulesQuery(key), enabled: isReady && wanted.length > 0 });
  const serverError = server.error ? { status: 0, ...toErrorWords(server.error) } : undefined;
  const isGone = serverError?.status === 404;
  const observed = {
    serverName: key.serverName,
    resourceGroup: key.resourceGroup,
    operation,
    // A refresh that fails keeps what was there, unless it says that the server is there no more.
    server: isGone ? undefined : server.data,
    serverError: server.data && !isGone ? undefined : serverError,
    wanted,
    existing: rules.data,
  };
  const runner = useRuleRunner(key, observed, actions.putFirewallRule);
  const steps = deploymentSteps({ ...observed, ...runner.observed });
  const failed = steps.filter((step) => step.state === 'failed');
  const done = steps.every((step) => step.state === 'done');
  const serverFailed = failed.some((step) => step.id === 'server' || step.id === 'group');

  useEffect(() => {
    if (!done) return;
    draft.forget();
    forget(id);
  }, [done, draft, forget, id]);

  return (
    <BladeFrame
      title={key.serverName}
      documentTitle={`Creating ${key.serverName}`}
      type="Deployment"
      crumbs={crumbs}
      pill={<StatePill done={done} failed={failed} />}
      notices={
        <>
          {runner.waiting && !done && failed.length === 0 && (
            <Notice>
              This page adds the firewall rules as soon as the server is there. Keep it open until then, or come back to
              it from the bell.
            </Notice>
          )}
          {rules.error && !rules.data && (
            <Notice
              tone="bad"
              title="The firewall rules could not be read."
              action={<Button onClick={() => void rules.refetch()}>Retry</Button>}
            >
              {rules.error.message}
            </Notice>
          )}
        </>
      }
    >
      <Card title="Steps" flush>
        <DeploymentStepList
          steps={steps}
          startedAt={pending?.startedAt}
          onRetryRule={(ruleName) => {
            runner.retry(ruleName);
            void queryClient.invalidateQueries({ queryKey: keyOf(apiPaths.firewallRules(key)) });
          }}
        />
      </Card>
      <div className="flex flex-wrap gap-2">
        {serverFailed ? (
          <>
            <LinkButton variant="primary" href={`${paths.createServer()}?tab=review`}>
              {draft.read() ? 'Change and try again' : 'Start again'}
            </LinkButton>
            <Button onClick={() => void server.refetch()}>Look again</Button>
          </>
        ) : (
          <>
            {steps[1]?.state === 'done' && (
              <LinkButton variant="primary" href={paths.server(key)}>
                Go to resource
              </LinkButton>
            )}
            {done && <LinkButton href={paths.server(key, 'connect')}>Connect</LinkButton>}
            {done && <LinkButton href={paths.createServer()}>Create another</LinkButton>}
          </>
        )}
      </div>
    </BladeFrame>
  );
}

function StatePill({ done, failed }: { done: boolean; failed: DeploymentStep[] }) {
  if (failed.length > 0)
    return <Pill tone="bad">{failed.length === 1 ? 'One step failed' : `${failed.length} steps failed`}</Pill>;
  if (done) return <Pill tone="ok">Complete</Pill>;
  return (
    <Pill tone="accent" busy>
      Running
    </Pill>
  );
}
