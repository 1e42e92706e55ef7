'use client';

import { useQuery } from '@tanstack/react-query';
import { BellOff, Plus, Sparkles, Users } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, useQueryState } from 'nuqs';
import { useCallback } from 'react';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { UrlTabs } from '@/components/ui/tabs';
import { Time } from '@/components/ui/time';
import type { Alert, AlertProcessingRule } from '@/lib/arm/insights/alerts';
import { resourceGroupId } from '@/lib/arm/resource-id';
import { actionGroupsQuery, alertRulesQuery, alertsQuery, mutingsQuery } from '@/lib/queries/alerts';
import { usePermission } from '@/lib/queries/permissions';
import type { AlertActions } from './alert-actions';
import { FiredAlerts } from './fired-alerts';
import { GroupsCard } from './groups-card';
import { RulesCard } from './rules-card';

// Panes are fetched when they are opened.
const AlertPane = dynamic(() => import('./alert-pane').then((module) => module.AlertPane));
const DeleteGroupPane = dynamic(() => import('./confirm-panes').then((module) => module.DeleteGroupPane));
const DeleteRulePane = dynamic(() => import('./confirm-panes').then((module) => module.DeleteRulePane));
const GroupPane = dynamic(() => import('./group-pane').then((module) => module.GroupPane));
const MutePane = dynamic(() => import('./small-panes').then((module) => module.MutePane));
const RecommendedPane = dynamic(() => import('./recommended-pane').then((module) => module.RecommendedPane));
const RulePane = dynamic(() => import('./rule-pane').then((module) => module.RulePane));
const SecretDialog = dynamic(() => import('./small-panes').then((module) => module.SecretDialog));
const TestDialog = dynamic(() => import('./small-panes').then((module) => module.TestDialog));
const ToggleRulePane = dynamic(() => import('./confirm-panes').then((module) => module.ToggleRulePane));
const UnmutePane = dynamic(() => import('./confirm-panes').then((module) => module.UnmutePane));

/** A server's alerts: what fired, which rules watch it, who is told. */
export function AlertsBlade({ actions }: { actions: AlertActions }) {
  const key = useServerKey();
  const scope = resourceGroupId(key.subscriptionId, key.resourceGroup);
  const [pane, setPane] = useQueryState('pane', parseAsString.withOptions({ history: 'push' }));
  const [of, setOf] = useQueryState('of', parseAsString.withOptions({ history: 'push' }));
  const alerts = useQuery(alertsQuery(key));
  const rules = useQuery(alertRulesQuery(key));
  const groups = useQuery(actionGroupsQuery(key.subscriptionId));
  const mutings = useQuery(mutingsQuery(key));
  const ruleProblem = usePermission(scope, 'Microsoft.Insights/metricAlerts/write');
  const groupProblem = usePermission(scope, 'Microsoft.Insights/actionGroups/write');
  const muteProblem = usePermission(scope, 'Microsoft.AlertsManagement/actionRules/write');
  const open = useCallback(
    (name: string, subject: string | null = null) => {
      void setPane(name);
      void setOf(subject);
    },
    [setPane, setOf],
  );
  const openAlert = useCallback((alert: Alert) => open('alert', alert.id.split('/').at(-1)!), [open]);
  const close = () => {
    void setPane(null);
    void setOf(null);
  };
  const alert = pane === 'alert' ? alerts.data?.find(({ id }) => id.endsWith(`/${of}`)) : undefined;
  const rule = of === null ? undefined : rules.data?.find(({ id }) => id === of);
  const group = of === null ? undefined : groups.data?.find(({ id }) => id === of);
  const muting = mutings.data?.find(holdsNow);
  const taken = (rules.data ?? []).map(({ name }) => name);
  const firing = alerts.data?.filter(({ properties }) => properties.essentials.monitorCondition === 'Fired').length;
  const createGroup = () => open('group');
  return (
    <ServerBlade
      title="Alerts"
      width="wide"
      commands={[
        {
          id: 'rule',
          label: 'Create rule',
          icon: Plus,
          onSelect: () => open('rule'),
          disabledReason: ruleProblem,
          load: () => import('./rule-pane'),
        },
        {
          id: 'recommended',
          label: 'Recommended rules',
          icon: Sparkles,
          onSelect: () => open('recommended'),
          disabledReason: ruleProblem,
          load: () => import('./recommended-pane'),
        },
        {
          id: 'group',
          label: 'Create action group',
          icon: Users,
          onSelect: createGroup,
          disabledReason: groupProblem,
          load: () => import('./group-pane'),
        },
        {
          id: 'mute',
          label: 'Mute',
          icon: BellOff,
          onSelect: () => open('mute'),
          disabledReason: muteProblem ?? (muting && 'The server is muted already.'),
          load: () => import('./small-panes'),
        },
      ]}
      notices={
        muting && (
          <Notice
            tone="warn"
            title="Notifications are muted."
            action={
              <Button onClick={() => open('unmute', muting.id)} disabledReason={muteProblem}>
                Unmute
              </Button>
            }
          >
            {muting.properties.schedule?.effectiveUntil ? (
              <>
                Nobody is told of alerts until{' '}
                <Time value={`${muting.properties.schedule.effectiveUntil}Z`} mode="zoned" />.
              </>
            ) : (
              'Nobody is told of alerts.'
            )}
          </Notice>
        )
      }
    >
      <UrlTabs
        label="Alerts"
        tabs={[
          {
            id: 'fired',
            label: 'Fired alerts',
            count: firing,
            content: (
              <FiredAlerts
                server={key}
                onOpen={openAlert}
                {...(rules.data?.length === 0 && { onRecommended: () => open('recommended'), ruleProblem })}
              />
            ),
          },
          {
            id: 'rules',
            label: 'Rules',
            count: rules.data?.length,
            content: (
              <RulesCard
                server={key}
                writeProblem={ruleProblem}
                onCreate={() => open('rule')}
                onRecommended={() => open('recommended')}
                onEdit={({ id }) => open('rule', id)}
                onToggle={({ id }) => open('toggle', id)}
                onDelete={({ id }) => open('delete-rule', id)}
              />
            ),
          },
          {
            id: 'groups',
            label: 'Action groups',
            count: groups.data?.length,
            content: (
              <GroupsCard
                subscriptionId={key.subscriptionId}
                writeProblem={groupProblem}
                onCreate={createGroup}
                onEdit={({ id }) => open('group', id)}
                onTest={({ id }) => open('test', id)}
                onSecret={({ id }) => open('secret', id)}
                onDelete={({ id }) => open('delete-group', id)}
              />
            ),
          },
        ]}
      />
      {alert && <AlertPane server={key} alert={alert} setState={actions.setAlertState} onClose={close} />}
      {pane === 'rule' && (of === null || rule) && (
        <RulePane
          key={of}
          server={key}
          rule={rule}
          taken={taken}
          put={actions.putAlertRule}
          writeProblem={ruleProblem}
          onCreateGroup={createGroup}
          onClose={close}
        />
      )}
      {pane === 'group' && (of === null || group) && (
        <GroupPane
          key={of}
          server={key}
          group={group}
          put={actions.putActionGroup}
          writeProblem={groupProblem}
          onClose={close}
        />
      )}
      {pane === 'recommended' && (
        <RecommendedPane
          server={key}
          taken={taken}
          put={actions.putAlertRule}
          writeProblem={ruleProblem}
          onCreateGroup={createGroup}
          onClose={close}
        />
      )}
      {pane === 'mute' && (
        <MutePane server={key} mute={actions.muteServer} writeProblem={muteProblem} onClose={close} />
      )}
      {pane === 'unmute' && muting && (
        <UnmutePane server={key} muting={muting} action={actions.unmuteServer} onClose={close} />
      )}
      {pane === 'toggle' && rule && (
        <ToggleRulePane server={key} rule={rule} action={actions.putAlertRule} onClose={close} />
      )}
      {pane === 'delete-rule' && rule && (
        <DeleteRulePane server={key} rule={rule} action={actions.deleteAlertRule} onClose={close} />
      )}
      {pane === 'delete-group' && group && (
        <DeleteGroupPane server={key} group={group} action={actions.deleteActionGroup} onClose={close} />
      )}
      {pane === 'test' && group && (
        <TestDialog server={key} group={group} run={actions.testActionGroup} onClose={close} />
      )}
      {pane === 'secret' && group && (
        <SecretDialog server={key} group={group} run={actions.renewSigningSecret} onClose={close} />
      )}
    </ServerBlade>
  );
}

function holdsNow({ properties }: AlertProcessingRule): boolean {
  const { effectiveFrom, effectiveUntil } = properties.schedule ?? {};
  const now = new Date().toISOString().slice(0, 19);
  return (
    properties.enabled !== false &&
    properties.actions.some(({ actionType }) => actionType === 'RemoveAllActionGroups') &&
    !(effectiveFrom && now < effectiveFrom) &&
    !(effectiveUntil && now >= effectiveUntil)
  );
}
