import type { ReactNode } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import type { ActionGroup } from '@/lib/arm/insights/action-groups';
import {
  ACTION_GROUPS_API_VERSION,
  ALERT_PROCESSING_RULES_API_VERSION,
  METRIC_ALERTS_API_VERSION,
} from '@/lib/arm/insights/alerting';
import type { AlertProcessingRule } from '@/lib/arm/insights/alerts';
import type { MetricAlert } from '@/lib/arm/insights/metric-alerts';
import type { ServerKey } from '@/lib/arm/resource-id';
import { describeDelete, describePutAlertRule, type AlertChange } from '@/lib/rules/alert-changes';
import { useAlertChange, type AlertActions } from './alert-actions';

interface ConfirmPaneProps<Arguments extends unknown[]> {
  server: ServerKey;
  title: string;
  applyLabel: string;
  change: AlertChange;
  action: Parameters<typeof useAlertChange<Arguments, unknown>>[1];
  args: Arguments;
  done: string;
  children: ReactNode;
  onClose: () => void;
}

/** A change without a form, reviewed before it is sent. */
function ConfirmPane<Arguments extends unknown[]>(props: ConfirmPaneProps<Arguments>) {
  const { server, title, applyLabel, change: description, action, args, done, children, onClose } = props;
  const change = useAlertChange(server, action);
  const apply = async () => {
    if (await change.submit(done, ...args)) onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={title}
      subtitle={server.serverName}
      change={description}
      applyLabel={applyLabel}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      {children}
    </ChangePane>
  );
}

interface PaneProps<Action> {
  server: ServerKey;
  action: Action;
  onClose: () => void;
}

/** Notifications are sent again. */
export function UnmutePane({
  muting,
  ...pane
}: PaneProps<AlertActions['unmuteServer']> & { muting: AlertProcessingRule }) {
  return (
    <ConfirmPane
      {...pane}
      title="Unmute"
      applyLabel="Unmute"
      change={describeDelete(muting.id, ALERT_PROCESSING_RULES_API_VERSION, 'Muting')}
      args={[muting.id]}
      done="Notifications are sent again"
    >
      <p>Notifications are sent again, for alerts that fire from now on.</p>
    </ConfirmPane>
  );
}

/** A rule is switched off, or on again. */
export function ToggleRulePane({ rule, ...pane }: PaneProps<AlertActions['putAlertRule']> & { rule: MetricAlert }) {
  const { enabled } = rule.properties;
  const properties = toggled(rule.properties);
  return (
    <ConfirmPane
      {...pane}
      title={`${enabled ? 'Disable' : 'Enable'} ${rule.name}`}
      applyLabel={enabled ? 'Disable' : 'Enable'}
      change={describePutAlertRule(rule.id, properties, rule)}
      args={[rule.id, properties, rule.tags]}
      done={`${rule.name} is ${enabled ? 'disabled' : 'enabled'}`}
    >
      <p>
        {enabled
          ? 'It looks at nothing any more, and what it has fired is resolved.'
          : 'It looks at the newest minute at once.'}
      </p>
    </ConfirmPane>
  );
}

/** A rule is deleted. */
export function DeleteRulePane({ rule, ...pane }: PaneProps<AlertActions['deleteAlertRule']> & { rule: MetricAlert }) {
  return (
    <ConfirmPane
      {...pane}
      title={`Delete ${rule.name}`}
      applyLabel="Delete"
      change={describeDelete(rule.id, METRIC_ALERTS_API_VERSION, 'Alert rule')}
      args={[rule.id]}
      done={`${rule.name} is deleted`}
    >
      <p>What it has fired is resolved and stays in the list.</p>
    </ConfirmPane>
  );
}

/** An action group is deleted. */
export function DeleteGroupPane({
  group,
  ...pane
}: PaneProps<AlertActions['deleteActionGroup']> & { group: ActionGroup }) {
  return (
    <ConfirmPane
      {...pane}
      title={`Delete ${group.name}`}
      applyLabel="Delete"
      change={describeDelete(group.id, ACTION_GROUPS_API_VERSION, 'Action group')}
      args={[group.id]}
      done={`${group.name} is deleted`}
    >
      <p>Rules that name it tell it nothing any more. Other servers’ rules may be among them.</p>
    </ConfirmPane>
  );
}

function toggled<Properties extends { enabled: boolean; lastUpdatedTime?: unknown; isMigrated?: unknown }>(
  properties: Properties,
): Properties {
  const { lastUpdatedTime: _updated, isMigrated: _migrated, ...rest } = properties;
  return { ...rest, enabled: !properties.enabled } as Properties;
}
