import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { Select } from '@/components/ui/select';
import { Switch } from '@/components/ui/checkbox';
import { TextField } from '@/components/ui/text-field';
import type { MetricAlert } from '@/lib/arm/insights/metric-alerts';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { metricDefinitionsQuery } from '@/lib/queries/metrics';
import { alertRuleId, describePutAlertRule, durationWords } from '@/lib/rules/alert-changes';
import { alertFormProblems, emptyAlertForm, formOf, propertiesOf, type AlertForm } from '@/lib/rules/alert-form';
import { EVALUATION_FREQUENCIES, MOST_CRITERIA, SEVERITIES, WINDOW_SIZES } from '@/lib/rules/alerts';
import { ActionGroupChoice } from './action-group-choice';
import { useAlertChange, type AlertActions } from './alert-actions';
import { CriterionFields } from './criterion-fields';
import { RulePreview } from './rule-preview';

interface RulePaneProps {
  server: ServerKey;
  /** The one to edit; absent for a new one. */
  rule?: MetricAlert | undefined;
  taken: readonly string[];
  put: AlertActions['putAlertRule'];
  writeProblem: string | undefined;
  onCreateGroup: () => void;
  onClose: () => void;
}

const WINDOWS = Object.keys(WINDOW_SIZES).filter((id) => id !== 'PT24H');

/** An alert rule: condition, how often, whom to tell; with what it would have done in the past. */
export function RulePane({ server, rule, taken, put, writeProblem, onCreateGroup, onClose }: RulePaneProps) {
  const shown = rule ? formOf(rule.name, rule.properties) : emptyAlertForm();
  const [form, setForm] = useState<AlertForm>(shown ?? emptyAlertForm());
  const [touched, setTouched] = useState(false);
  const definitions = useQuery(metricDefinitionsQuery(server));
  const change = useAlertChange(server, put);
  const problems = alertFormProblems(form, rule ? [] : taken);
  const properties = propertiesOf(server, form, rule?.properties);
  const previewed = useDeferredValue(properties);
  const id = rule?.id ?? alertRuleId(server, form.name);
  const set = (part: Partial<AlertForm>) => setForm({ ...form, ...part });
  const isWide =
    rule && !rule.properties.scopes.every((scope) => scope.toLowerCase() === serverId(server).toLowerCase());
  const apply = async () => {
    setTouched(true);
    if (Object.keys(problems).length > 0) return;
    if (await change.submit(rule ? `${form.name} is changed` : `${form.name} watches now`, id, properties, rule?.tags))
      onClose();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={rule ? `Rule ${rule.name}` : 'Create an alert rule'}
      subtitle={server.serverName}
      change={shown && Object.keys(problems).length === 0 ? describePutAlertRule(id, properties, rule) : undefined}
      applyLabel={rule ? 'Save' : 'Create'}
      applyDisabledReason={
        writeProblem ?? (shown ? undefined : 'A rule with dynamic thresholds or dimensions is changed with az.')
      }
      onApply={() => void apply()}
      pending={change.pending}
      error={change.error}
    >
      {isWide && (
        <Notice tone="info">
          This rule watches more than this server:{' '}
          {rule.properties.scopes.map((scope) => scope.split('/').at(-1)).join(', ')}. What you change here changes for
          all of them.
        </Notice>
      )}
      {!shown && (
        <Notice tone="info">This rule has parts that the form cannot show, so it can only be looked at.</Notice>
      )}
      <TextField
        label="Name"
        layout="stack"
        required
        autoFocus={!rule}
        readOnlyReason={rule && 'A rule keeps its name.'}
        value={form.name}
        onChange={(event) => set({ name: event.target.value })}
        onBlur={() => setTouched(form.name !== '')}
        error={touched ? problems.name : undefined}
      />
      {form.criteria.map((criterion, index) => (
        <CriterionFields
          // Criteria have no name of their own, and are never moved.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          title={form.criteria.length > 1 ? `Condition ${index + 1}` : ''}
          criterion={criterion}
          definitions={definitions.data}
          onChange={(changed) => set({ criteria: form.criteria.with(index, changed) })}
          onRemove={form.criteria.length > 1 ? () => set({ criteria: form.criteria.toSpliced(index, 1) }) : undefined}
          error={Number.isFinite(criterion.threshold) ? undefined : problems.threshold}
        />
      ))}
      <div>
        <Button
          variant="quiet"
          icon={Plus}
          disabledReason={form.criteria.length >= MOST_CRITERIA && `A rule has ${MOST_CRITERIA} conditions at most.`}
          onClick={() => set({ criteria: [...form.criteria, emptyAlertForm().criteria[0]!] })}
        >
          And another condition
        </Button>
      </div>
      <div className="grid gap-3 sm:grid-cols-3 [&>*]:min-w-0">
        <Select
          label="Over the last"
          layout="stack"
          options={WINDOWS.map((each) => ({ id: each, label: durationWords(each) }))}
          value={form.windowSize === 'PT24H' ? 'P1D' : form.windowSize}
          onChange={(windowSize) => set({ windowSize })}
          error={problems.windowSize}
        />
        <Select
          label="Looked at every"
          layout="stack"
          options={Object.keys(EVALUATION_FREQUENCIES).map((each) => ({ id: each, label: durationWords(each) }))}
          value={form.evaluationFrequency}
          onChange={(evaluationFrequency) => set({ evaluationFrequency })}
          error={problems.evaluationFrequency}
        />
        <Select
          label="Severity"
          layout="stack"
          options={SEVERITIES.map((label, level) => ({ id: String(level), label: `${level} ${label}` }))}
          value={String(form.severity)}
          onChange={(severity) => set({ severity: Number(severity) })}
        />
      </div>
      {!problems.threshold && !problems.windowSize && !problems.evaluationFrequency && (
        <RulePreview server={server} criterion={form.criteria[0]!} rule={previewed} />
      )}
      <ActionGroupChoice
        subscriptionId={server.subscriptionId}
        chosen={form.actionGroups}
        onChange={(actionGroups) => set({ actionGroups })}
        onCreate={onCreateGroup}
      />
      <TextField
        label="Description"
        layout="stack"
        value={form.description}
        onChange={(event) => set({ description: event.target.value })}
        description="Goes out with every notification: what it means, what to do."
      />
      <Switch
        label="Resolve by itself"
        description="After three looks in a row that found nothing. Otherwise it fires again every five minutes at most."
        checked={form.autoMitigate}
        onChange={(autoMitigate) => set({ autoMitigate })}
      />
    </ChangePane>
  );
}
