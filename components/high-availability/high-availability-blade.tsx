'use client';

import { ArrowLeftRight, FlaskConical, ShieldCheck, ShieldOff } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { useServer } from '@/components/servers/use-server';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonDefinitions } from '@/components/ui/skeleton';
import { FLEXDECK_LOCAL } from '@/lib/arm/flexdeck-local';
import { serverId } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { usePermission } from '@/lib/queries/permissions';
import {
  failoverProblem,
  highAvailabilityModes,
  highAvailabilityModeWords,
  highAvailabilityProblem,
  highAvailabilityState,
  highAvailabilityStateWords,
} from '@/lib/rules/high-availability';
import { actionProblem } from '@/lib/rules/server-actions';
import { shortLocation } from '@/lib/rules/zones';
import type { Tier } from '@/lib/rules/skus';
import type { HighAvailabilityActions } from './high-availability-actions';
import { HistoryCard } from './history-card';
import { RehearsalsCard } from './rehearsals-card';
import { ZonesCard } from './zones-card';
import { ZonesDrawing } from './zones-drawing';

// Panes are fetched when they are opened.
const DisablePane = dynamic(() => import('./disable-pane').then((module) => module.DisablePane));
const EnablePane = dynamic(() => import('./enable-pane').then((module) => module.EnablePane));
const FailoverPane = dynamic(() => import('./failover-pane').then((module) => module.FailoverPane));
const RehearsalPane = dynamic(() => import('./rehearsal-pane').then((module) => module.RehearsalPane));
const RehearsePane = dynamic(() => import('./rehearse-pane').then((module) => module.RehearsePane));

const PANES = ['enable', 'disable', 'failover', 'rehearse'] as const;
const LOADING = 'The server is being loaded.';

/** The standby of a server: where it is, how it does, what it did; enable, disable, fail over. */
export function HighAvailabilityBlade({ actions }: { actions: HighAvailabilityActions }) {
  const key = useServerKey();
  const query = useServer(key);
  const server = query.data;
  const [pane, setPane] = useQueryState('pane', parseAsStringLiteral(PANES).withOptions({ history: 'push' }));
  const mayWrite = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/write');
  const mayFailOver = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/failover/action');
  const mayRestart = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/restart/action');
  const mayRehearse = usePermission(serverId(key), `${FLEXDECK_LOCAL}/failoverRehearsals/write`);
  const mayForget = usePermission(serverId(key), `${FLEXDECK_LOCAL}/failoverRehearsals/delete`);
  const rehearses = useFlexdeckLocal(key.subscriptionId);
  const [report, setReport] = useQueryState('report', parseAsString.withOptions({ history: 'push' }));
  const [other, setOther] = useQueryState('with', parseAsString);
  const { state = '', highAvailability, availabilityZone, storage } = server?.properties ?? {};
  const mode = highAvailability?.mode ?? 'Disabled';
  const standbyZone = highAvailability?.standbyAvailabilityZone;
  const haState = highAvailability?.state ?? 'NotEnabled';
  const on = mode !== 'Disabled';
  const allowed = { tier: server?.sku?.tier as Tier, autoGrow: storage?.autoGrow === 'Enabled' };
  const offered = !server || highAvailabilityModes(allowed.tier).length > 0;
  const loading = server ? undefined : LOADING;
  const cannotFailOver = loading ?? actionProblem('failover', state ?? '') ?? failoverProblem({ mode, state: haState });
  const problems = {
    enable:
      mayWrite ??
      loading ??
      (on
        ? `High availability is already on (${highAvailabilityModeWords(mode).toLowerCase()}). To change it, disable it first.`
        : undefined) ??
      highAvailabilityProblem('SameZone', allowed) ??
      actionProblem('update', state ?? ''),
    disable:
      mayWrite ??
      loading ??
      (on ? undefined : 'The server has no high availability.') ??
      actionProblem('update', state ?? ''),
    failover: mayFailOver ?? cannotFailOver,
    force: mayRestart ?? cannotFailOver,
    rehearse: mayRehearse ?? cannotFailOver,
  };
  const open = (name: (typeof PANES)[number]) => () => void setPane(name);
  const close = () => void setPane(null);
  return (
    <ServerBlade
      title="High availability"
      commands={[
        {
          id: 'enable',
          label: 'Enable',
          icon: ShieldCheck,
          onSelect: open('enable'),
          disabledReason: problems.enable,
          load: () => import('./enable-pane'),
        },
        {
          id: 'disable',
          label: 'Disable',
          icon: ShieldOff,
          onSelect: open('disable'),
          disabledReason: problems.disable,
          load: () => import('./disable-pane'),
        },
        {
          id: 'failover',
          label: 'Failover',
          icon: ArrowLeftRight,
          onSelect: open('failover'),
          disabledReason: problems.failover,
          load: () => import('./failover-pane'),
        },
        ...(rehearses
          ? [
              {
                id: 'rehearse',
                label: 'Rehearse failover',
                icon: FlaskConical,
                onSelect: open('rehearse'),
                disabledReason: problems.rehearse,
                load: () => import('./rehearse-pane'),
              },
            ]
          : []),
      ]}
      notices={
        !offered && (
          <Notice
            title="Burstable servers have no high availability."
            action={<Link href={paths.server(key, 'compute-storage')}>Change the size</Link>}
          >
            With a General Purpose or Memory Optimized size a standby can take over when the primary is lost.
          </Notice>
        )
      }
    >
      <Card
        title="Primary and standby"
        aside={server && (on ? `${highAvailabilityModeWords(mode)} · ${highAvailabilityStateWords(haState)}` : 'off')}
      >
        <QueryRegion query={query} skeleton={<SkeletonDefinitions rows={2} columns={2} />}>
          {(data) => <ZonesDrawing serverKey={key} server={data} />}
        </QueryRegion>
        {rehearses && on && (
          <p className="mt-2 max-w-prose text-text-3">
            On the local cloud a zone is a process and a folder: while high availability is Healthy, no acknowledged
            commit is lost to the death of any process, but the loss of the machine or its disk, which holds both
            copies, is not survived.
          </p>
        )}
      </Card>
      {rehearses && offered && (
        <RehearsalsCard
          server={key}
          onOpen={(name) => void setReport(name)}
          onRehearse={open('rehearse')}
          rehearseProblem={problems.rehearse}
        />
      )}
      {rehearses && server && (
        <ZonesCard
          subscriptionId={key.subscriptionId}
          location={shortLocation(server.location)}
          run={actions.changeZone}
        />
      )}
      <HistoryCard server={key} often={highAvailabilityState(haState).passing} />
      {server && (
        <>
          {pane === 'enable' && (
            <EnablePane
              serverKey={key}
              server={server}
              run={actions.enable}
              problem={problems.enable}
              onClose={close}
            />
          )}
          {pane === 'disable' && (
            <DisablePane
              serverKey={key}
              server={server}
              run={actions.disable}
              problem={problems.disable}
              onClose={close}
            />
          )}
          {pane === 'failover' && (
            <FailoverPane
              server={key}
              zones={{ primary: availabilityZone ?? '', standby: standbyZone ?? '' }}
              actions={actions}
              problem={problems.failover}
              forcedProblem={problems.force}
              onClose={close}
            />
          )}
          {rehearses && (
            <>
              {pane === 'rehearse' && (
                <RehearsePane server={key} run={actions.rehearse} problem={problems.rehearse} onClose={close} />
              )}
              {report && (
                <RehearsalPane
                  server={key}
                  name={report}
                  other={other}
                  onCompare={(name) => void setOther(name)}
                  onClose={() => {
                    void setOther(null);
                    void setReport(null);
                  }}
                  remove={actions.deleteRehearsal}
                  removeProblem={mayForget}
                />
              )}
            </>
          )}
        </>
      )}
    </ServerBlade>
  );
}
