import type { Aggregation } from '../arm/insights/aggregations.ts';
import { SINGLE_RESOURCE_CRITERIA } from '../arm/insights/alerting.ts';
import type { MetricAlertProperties } from '../arm/insights/metric-alerts.ts';
import { serverId, type ServerKey } from '../arm/resource-id.ts';
import type { AlertOperator, RecommendedRule } from './alerts.ts';
import { alertNameProblem, timingProblem } from './alerts.ts';

/** An alert rule on its form. */
export interface AlertForm {
  name: string;
  description: string;
  severity: number;
  criteria: FormCriterion[];
  windowSize: string;
  evaluationFrequency: string;
  autoMitigate: boolean;
  actionGroups: string[];
}

export interface FormCriterion {
  metricName: string;
  timeAggregation: Aggregation;
  operator: AlertOperator;
  threshold: number;
}

export function emptyAlertForm(): AlertForm {
  return {
    name: '',
    description: '',
    severity: 3,
    criteria: [{ metricName: 'cpu_percent', timeAggregation: 'Average', operator: 'GreaterThan', threshold: 80 }],
    windowSize: 'PT5M',
    evaluationFrequency: 'PT1M',
    autoMitigate: true,
    actionGroups: [],
  };
}

/** Undefined for a rule that the form cannot show: dynamic thresholds, dimensions. */
export function formOf(name: string, rule: MetricAlertProperties): AlertForm | undefined {
  const criteria = rule.criteria.allOf ?? [];
  const plain = criteria.every(
    ({ threshold, dimensions }) => typeof threshold === 'number' && (dimensions ?? []).length === 0,
  );
  if (!plain || criteria.length === 0) return undefined;
  return {
    name,
    description: rule.description ?? '',
    severity: rule.severity,
    criteria: criteria.map(({ metricName, timeAggregation, operator, threshold }) => ({
      metricName,
      timeAggregation: timeAggregation as Aggregation,
      operator: operator as AlertOperator,
      threshold: threshold!,
    })),
    windowSize: rule.windowSize.toUpperCase(),
    evaluationFrequency: rule.evaluationFrequency.toUpperCase(),
    autoMitigate: rule.autoMitigate !== false,
    actionGroups: (rule.actions ?? []).map(({ actionGroupId }) => actionGroupId),
  };
}

/** @param before the rule that is edited: what the form does not show stays as it is. */
export function propertiesOf(key: ServerKey, form: AlertForm, before?: MetricAlertProperties): MetricAlertProperties {
  const { lastUpdatedTime: _updated, isMigrated: _migrated, ...kept } = before ?? {};
  const known = before?.criteria.allOf?.length === form.criteria.length ? before.criteria.allOf : [];
  return {
    ...kept,
    description: form.description,
    severity: form.severity,
    enabled: before?.enabled ?? true,
    scopes: before?.scopes ?? [serverId(key)],
    evaluationFrequency: form.evaluationFrequency,
    windowSize: form.windowSize,
    criteria: {
      'odata.type': before?.criteria['odata.type'] ?? SINGLE_RESOURCE_CRITERIA,
      allOf: form.criteria.map((criterion, index) => ({
        criterionType: 'StaticThresholdCriterion',
        // New ones as the Azure CLI calls them.
        name: known[index]?.name ?? `cond${index}`,
        metricNamespace: 'Microsoft.DBforMySQL/flexibleServers',
        ...criterion,
      })),
    },
    autoMitigate: form.autoMitigate,
    actions: form.actionGroups.map(
      (actionGroupId) =>
        before?.actions?.find((one) => one.actionGroupId.toLowerCase() === actionGroupId.toLowerCase()) ?? {
          actionGroupId,
        },
    ),
  };
}

/** By field; empty when it can be sent. @param taken names of rules that are there. */
export function alertFormProblems(
  form: AlertForm,
  taken: readonly string[],
): Partial<Record<'name' | 'windowSize' | 'evaluationFrequency' | 'threshold', string>> {
  const name = taken.some((one) => one.toLowerCase() === form.name.toLowerCase())
    ? `There is already a rule “${form.name}”.`
    : alertNameProblem(form.name);
  const timing = timingProblem(form.windowSize, form.evaluationFrequency);
  const unknown = form.criteria.some(({ threshold }) => !Number.isFinite(threshold));
  return {
    ...(name && { name }),
    ...(timing && { [timing.target]: timing.message }),
    ...(unknown && { threshold: 'Say what the metric is compared with.' }),
  };
}

/** A recommended rule for one server, under a name of its own. */
export function recommendedForm(key: ServerKey, rule: RecommendedRule, actionGroups: string[]): AlertForm {
  const { title, description, severity, windowSize, evaluationFrequency, ...criterion } = rule;
  return {
    name: `${title} on ${key.serverName}`,
    description,
    severity,
    criteria: [criterion],
    windowSize,
    evaluationFrequency,
    autoMitigate: true,
    actionGroups,
  };
}
