import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { Checkbox } from '@/components/ui/checkbox';
import { Notice } from '@/components/ui/notice';
import type { ServerKey } from '@/lib/arm/resource-id';
import { alertRuleId, describePutAlertRules } from '@/lib/rules/alert-changes';
import { propertiesOf, recommendedForm } from '@/lib/rules/alert-form';
import { RECOMMENDED_RULES } from '@/lib/rules/alerts';
import { ActionGroupChoice } from './action-group-choice';
import { useAlertChange, type AlertActions } from './alert-actions';

interface RecommendedPaneProps {
  server: ServerKey;
  /** Names of rules that are there. */
  taken: readonly string[];
  put: AlertActions['putAlertRule'];
  writeProblem: string | undefined;
  onCreateGroup: () => void;
  onClose: () => void;
}

/** What every server is better watched for, in one go. */
export function RecommendedPane({ server, taken, put, writeProblem, onCreateGroup, onClose }: RecommendedPaneProps) {
  const [left, setLeft] = useState<readonly string[]>([]);
  const [actionGroups, setActionGroups] = useState<string[]>([]);
  const change = useAlertChange(server, put);
  const offers = RECOMMENDED_RULES.map((rule) => {
    const form = recommendedForm(server, rule, actionGroups);
    const isThere = taken.some((name) => name.toLowerCase() === form.name.toLowerCase());
    return { rule, form, isThere, isWanted: !isThere && !left.includes(rule.title) };
  });
  const wanted = offers
    .filter(({ isWanted }) => isWanted)
    .map(({ form }) => ({ id: alertRuleId(server, form.name), properties: propertiesOf(server, form) }));
  const apply = async () => {
    for (const { id, properties } of wanted) {
      if (!(await change.submit(null, id, properties))) return;
    }
    onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title="Recommended rules"
      subtitle={server.serverName}
      change={describePutAlertRules(wanted)}
      applyLabel={wanted.length === 1 ? 'Create 1 rule' : `Create ${wanted.length} rules`}
      applyDisabledReason={writeProblem ?? (wanted.length === 0 && 'Choose at least one rule.')}
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      {offers.every(({ isThere }) => isThere) && <Notice tone="ok">All of them are there.</Notice>}
      <fieldset className="grid gap-2">
        <legend className="mb-1 text-sm font-semibold">Rules</legend>
        {offers.map(({ rule, isThere, isWanted }) => (
          <Checkbox
            key={rule.title}
            label={rule.title}
            description={rule.description}
            checked={isWanted || isThere}
            disabledReason={isThere && 'There is a rule of this name already.'}
            onChange={() =>
              setLeft(left.includes(rule.title) ? left.filter((one) => one !== rule.title) : [...left, rule.title])
            }
          />
        ))}
      </fieldset>
      <ActionGroupChoice
        subscriptionId={server.subscriptionId}
        chosen={actionGroups}
        onChange={setActionGroups}
        onCreate={onCreateGroup}
      />
    </ChangePane>
  );
}
