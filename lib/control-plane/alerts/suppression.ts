import type { AlertCondition, AlertProcessingRule } from '../../arm/insights/alerts.ts';
import type { AlertRow } from '../store/alerts.ts';
import { isWithin } from './rule.ts';

export type ProcessingRuleProperties = AlertProcessingRule['properties'];

/** Fields of a condition, and what an alert says to each. */
const FIELDS: Readonly<Record<string, (alert: AlertRow) => string>> = {
  severity: ({ severity }) => `Sev${severity}`,
  monitorcondition: ({ monitorCondition }) => monitorCondition,
  alertrulename: ({ ruleName }) => ruleName,
  alertruleid: ({ ruleResourceId }) => ruleResourceId,
  targetresource: ({ target }) => target,
  targetresourcegroup: ({ resourceGroup }) => resourceGroup,
  targetresourcetype: () => 'Microsoft.DBforMySQL/flexibleServers',
  signaltype: () => 'Metric',
  monitorservice: () => 'Platform',
  description: ({ description }) => description,
};

const OPERATORS: Readonly<Record<string, (given: string, values: string[]) => boolean>> = {
  equals: (given, values) => values.includes(given),
  notequals: (given, values) => !values.includes(given),
  contains: (given, values) => values.some((value) => given.includes(value)),
  doesnotcontain: (given, values) => values.every((value) => !given.includes(value)),
};

/** What is wrong with a condition; undefined when nothing is. */
export function conditionProblem({ field, operator, values }: AlertCondition): string | undefined {
  if (!Object.hasOwn(FIELDS, field.toLowerCase())) return `'${field}' is not a field of alerts here.`;
  if (!Object.hasOwn(OPERATORS, operator.toLowerCase())) {
    return `'${operator}' is not a comparison. Use Equals, NotEquals, Contains or DoesNotContain.`;
  }
  return values.length === 0 ? 'A condition compares with at least one value.' : undefined;
}

/** Whether a rule keeps the alert's notifications back now. */
export function suppresses(rule: ProcessingRuleProperties, alert: AlertRow, now: number): boolean {
  if (rule.enabled === false || !rule.actions.some(({ actionType }) => actionType === 'RemoveAllActionGroups')) {
    return false;
  }
  if (!rule.scopes.some((scope) => isWithin(alert.target, scope))) return false;
  const { effectiveFrom, effectiveUntil } = rule.schedule ?? {};
  if (effectiveFrom && now < Date.parse(`${effectiveFrom}Z`)) return false;
  if (effectiveUntil && now >= Date.parse(`${effectiveUntil}Z`)) return false;
  return (rule.conditions ?? []).every(({ field, operator, values }) =>
    OPERATORS[operator.toLowerCase()]!(
      FIELDS[field.toLowerCase()]!(alert).toLowerCase(),
      values.map((value) => value.toLowerCase()),
    ),
  );
}
