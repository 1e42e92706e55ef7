'use client';

import { useQuery } from '@tanstack/react-query';
import { Wrench } from 'lucide-react';
import { parseAsString, useQueryStates } from 'nuqs';
import { useState } from 'react';
import { BladeFooter } from '@/components/blade/blade-footer';
import { useUnsavedEdits } from '@/components/blade/unsaved-edits';
import { ChangePane } from '@/components/servers/change-pane';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { useServer } from '@/components/servers/use-server';
import { useServerChange, type BeginAction } from '@/components/servers/use-server-change';
import { Card } from '@/components/ui/card';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonDefinitions, SkeletonRows } from '@/components/ui/skeleton';
import { EmptyState } from '@/components/ui/states';
import type { Maintenance } from '@/lib/arm/mysql/maintenance';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { useFlexdeckLocal } from '@/lib/queries/flexdeck-local';
import { maintenancesQuery } from '@/lib/queries/maintenances';
import { usePermission } from '@/lib/queries/permissions';
import {
  canaryBody,
  describeWindow,
  isAhead,
  windowBody,
  windowOfServer,
  type WindowChoice,
} from '@/lib/rules/maintenance-changes';
import { actionProblem } from '@/lib/rules/server-actions';
import { BuildsCard } from './builds-card';
import { CanaryCard } from './canary-card';
import { HistoryTable } from './history-table';
import { MaintenanceAhead } from './maintenance-ahead';
import { ReschedulePane } from './reschedule-pane';
import { UpgradeCard, type UpgradeActions } from './upgrade-card';
import { WindowFields } from './window-fields';

export interface MaintenanceActions extends UpgradeActions {
  setWindow: BeginAction<[ServerKey, ReturnType<typeof windowBody>]>;
  reschedule: BeginAction<[ServerKey, name: string, startTime: string]>;
  setPolicy: BeginAction<[ServerKey, ReturnType<typeof canaryBody>]>;
}

/** What the service does to the server and when: its window, what is ahead, what was. */
export function MaintenanceBlade({ actions }: { actions: MaintenanceActions }) {
  const key = useServerKey();
  const server = useServer(key);
  const query = useQuery({ ...maintenancesQuery(key), refetchInterval: REFRESH_MS });
  const change = useServerChange(key, actions.setWindow);
  const [chosen, setChosen] = useUnsavedEdits<Partial<WindowChoice>>({});
  const [isReviewed, setReviewed] = useState(false);
  const [{ pane, maintenance: name }, setView] = useQueryStates(
    { pane: parseAsString, maintenance: parseAsString },
    { history: 'push' },
  );
  const mayWrite = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/write');
  const hasBuilds = useFlexdeckLocal(key.subscriptionId);
  const mayReschedule = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/maintenances/write');
  const { data } = server;
  const now = data && windowOfServer(data);
  const wanted = now && { ...now, ...chosen };
  const described = now && wanted && describeWindow(key, now, wanted);
  const state = data?.properties.state ?? '';
  const problem = mayWrite ?? (data ? actionProblem('update', state) : 'The server is being loaded.');
  const target = query.data?.find((one) => one.name === name && isAhead(one));
  const apply = async () => {
    if (
      !wanted ||
      !(await change.submit(`Setting the maintenance window of ${key.serverName}`, key, windowBody(wanted)))
    ) {
      return;
    }
    setReviewed(false);
    setChosen({});
  };

  return (
    <ServerBlade
      title="Maintenance"
      footer={
        <BladeFooter
          onApply={() => setReviewed(true)}
          applyDisabledReason={problem ?? (!described && 'Nothing is changed yet.')}
          unsaved={described !== undefined}
          onDiscard={() => setChosen({})}
          discardDisabledReason={!described && 'Nothing is changed yet.'}
          aside={described && 'The window is not applied yet'}
        />
      }
    >
      <Card title="Ahead" flush>
        <QueryRegion
          query={query}
          skeleton={<SkeletonDefinitions rows={3} columns={1} />}
          isEmpty={(list) => !list.some((one) => !isOver(one))}
          empty={
            <EmptyState icon={Wrench} title="No maintenance is planned">
              When a newer build of the server’s MySQL comes out, it is announced here a week ahead at least, and can be
              put to another time.
            </EmptyState>
          }
        >
          {(list) => (
            <ul>
              {list
                .filter((one) => !isOver(one))
                .map((one) => (
                  <MaintenanceAhead
                    key={one.name}
                    maintenance={one}
                    disabledReason={mayReschedule}
                    nowProblem={actionProblem('update', state)}
                    onOpen={(which) => void setView({ pane: which, maintenance: one.name })}
                  />
                ))}
            </ul>
          )}
        </QueryRegion>
      </Card>
      <Card title="Window">
        <QueryRegion query={server} skeleton={<SkeletonRows rows={3} columns={2} />}>
          {() =>
            wanted && (
              <WindowFields
                value={wanted}
                onChange={(values) => setChosen({ ...chosen, ...values })}
                disabledReason={problem}
              />
            )
          }
        </QueryRegion>
      </Card>
      <CanaryCard server={key} query={server} run={actions.setPolicy} disabledReason={problem} />
      <Card title="History" aside="downtime as it was measured" flush>
        <QueryRegion
          query={query}
          skeleton={<SkeletonRows rows={3} columns={4} />}
          isEmpty={(list) => !list.some(isOver)}
          empty={
            <EmptyState title="Nothing was maintained yet">
              What was done is listed here, with how long clients waited.
            </EmptyState>
          }
        >
          {(list) => <HistoryTable rows={list.filter(isOver)} />}
        </QueryRegion>
      </Card>
      {data && <UpgradeCard server={key} data={data} actions={actions} disabledReason={problem} />}
      {hasBuilds && <BuildsCard server={key} />}
      {target && (pane === 'reschedule' || pane === 'now') && (
        <ReschedulePane
          key={pane}
          server={key}
          maintenance={target}
          isNow={pane === 'now'}
          run={actions.reschedule}
          disabledReason={mayReschedule}
          onClose={() => void setView({ pane: null, maintenance: null })}
        />
      )}
      <ChangePane
        isOpen={isReviewed && described !== undefined}
        onClose={() => {
          setReviewed(false);
          change.reset();
        }}
        title="Change the maintenance window"
        subtitle={key.serverName}
        change={described}
        applyLabel="Apply"
        applyDisabledReason={problem}
        pending={change.pending}
        error={change.error}
        onApply={() => void apply()}
      />
    </ServerBlade>
  );
}

const REFRESH_MS = 15_000;

function isOver({ properties: { maintenanceState: state } }: Maintenance): boolean {
  return state === 'Completed' || state === 'Canceled';
}
