import type { AlertRequest } from '../arm/insights/alerting.ts';
import type { ActionGroup } from '../arm/insights/action-groups.ts';
import type { MetricAlertProperties, MetricCriterion } from '../arm/insights/metric-alerts.ts';
import { parseResourceId } from '../arm/resource-id.ts';
import { shellWord } from './az-command.ts';

/** Alert rules and action groups on the Azure CLI's command line, 2.45 and newer. */

/** How `--condition` writes them. */
const AGGREGATIONS: Readonly<Record<string, string>> = {
  Average: 'avg',
  Minimum: 'min',
  Maximum: 'max',
  Total: 'total',
  Count: 'count',
};
const OPERATORS: Readonly<Record<string, string>> = {
  GreaterThan: '>',
  GreaterThanOrEqual: '>=',
  LessThan: '<',
  LessThanOrEqual: '<=',
  Equals: '=',
};

/** `avg cpu_percent > 80`; undefined for what the CLI has no words for: a negative threshold would lose its sign there. */
function conditionOf({ timeAggregation, metricName, operator, threshold, dimensions }: MetricCriterion) {
  const aggregation = AGGREGATIONS[timeAggregation];
  const sign = OPERATORS[operator];
  const number = String(threshold);
  if (!aggregation || !sign || !/^\d+(\.\d+)?$/.test(number) || (dimensions ?? []).length > 0) return undefined;
  return `'${aggregation} ${metricName} ${sign} ${number}'`;
}

/** `PT5M` as `5m`. A day in hours: of `1d` the CLI makes a duration that is none. */
function shortDuration(iso: string): string {
  return iso === 'P1D' ? '24h' : iso.replace('PT', '').toLowerCase();
}

/** A word after an option. The CLI reads `@name` as a file and `-x` as an option. */
function isPlain(text: string): boolean {
  return !/^[@-]/.test(text);
}

/**
 * `az monitor …` on one resource.
 *
 * @param options each a line; one that is undefined cannot be said.
 * @returns undefined when something cannot be said.
 */
function azMonitor(command: string, id: string, options: readonly (string | undefined)[]): string | undefined {
  const { subscriptionId, resourceGroup, segments } = parseResourceId(id) ?? {};
  const name = segments?.at(-1)?.name;
  if (!subscriptionId || !resourceGroup || !name || !isPlain(name) || options.includes(undefined)) return undefined;
  const where = [
    `--subscription ${subscriptionId}`,
    `--resource-group ${shellWord(resourceGroup)}`,
    `--name ${shellWord(name)}`,
  ];
  return [`az monitor ${command}`, ...where, ...options].join(' \\\n  ');
}

/** @param before the rule as it is; undefined for a new one. */
export function azPutAlertRule(
  id: string,
  rule: MetricAlertProperties,
  before: MetricAlertProperties | undefined,
): string | undefined {
  return before ? azUpdateRule(id, rule, before) : azCreateRule(id, rule);
}

function azCreateRule(id: string, rule: MetricAlertProperties): string | undefined {
  const { description, criteria, actions, autoMitigate, enabled } = rule;
  return azMonitor('metrics alert create', id, [
    `--scopes ${rule.scopes.map(shellWord).join(' ')}`,
    ...withEach('--condition', (criteria.allOf ?? []).map(conditionOf)),
    `--window-size ${shortDuration(rule.windowSize)}`,
    `--evaluation-frequency ${shortDuration(rule.evaluationFrequency)}`,
    `--severity ${rule.severity}`,
    `--auto-mitigate ${autoMitigate !== false}`,
    ...(enabled ? [] : ['--disabled true']),
    ...(description ? [option('--description', description)] : []),
    ...(actions ?? []).map(({ actionGroupId }) => `--action ${shellWord(actionGroupId)}`),
  ]);
}

/** What differs; the CLI leaves the rest as it is. */
function azUpdateRule(id: string, rule: MetricAlertProperties, before: MetricAlertProperties): string | undefined {
  const conditions = (of: MetricAlertProperties) => (of.criteria.allOf ?? []).map(conditionOf);
  const groups = (of: MetricAlertProperties) => (of.actions ?? []).map(({ actionGroupId }) => actionGroupId);
  const without = (list: string[], others: string[]) =>
    list.filter((one) => !others.some((other) => other.toLowerCase() === one.toLowerCase()));
  const removed = without(groups(before), groups(rule));
  const names = (before.criteria.allOf ?? []).map(({ name }) => name);
  const isOther = String(conditions(rule)) !== String(conditions(before));
  return azMonitor('metrics alert update', id, [
    ...(isOther
      ? [
          names.every(isPlain) ? `--remove-conditions ${names.map(shellWord).join(' ')}` : undefined,
          ...withEach('--add-condition', conditions(rule)),
        ]
      : []),
    ...changed(rule, before, ({ windowSize }) => `--window-size ${shortDuration(windowSize)}`),
    ...changed(rule, before, (of) => `--evaluation-frequency ${shortDuration(of.evaluationFrequency)}`),
    ...changed(rule, before, ({ severity }) => `--severity ${severity}`),
    ...changed(rule, before, ({ autoMitigate }) => `--auto-mitigate ${autoMitigate !== false}`),
    ...changed(rule, before, ({ enabled }) => `--enabled ${enabled}`),
    ...changed(rule, before, ({ description }) => option('--description', description ?? '')),
    ...(removed.length > 0 ? [`--remove-actions ${removed.map(shellWord).join(' ')}`] : []),
    ...without(groups(rule), groups(before)).map((group) => `--add-action ${shellWord(group)}`),
  ]);
}

/** @param before the group as it is; undefined for a new one. */
export function azPutActionGroup(
  id: string,
  group: ActionGroup['properties'],
  before: ActionGroup['properties'] | undefined,
): string | undefined {
  if (!before) {
    const receivers = receiversOf(group).map(({ words }) => words && `--action ${words}`);
    return azMonitor('action-group create', id, [option('--short-name', group.groupShortName), ...receivers]);
  }
  const [is, was] = [receiversOf(group), receiversOf(before)];
  const gone = was.filter(({ words }) => !is.some((one) => one.words === words));
  const fresh = is.filter(({ words }) => !was.some((one) => one.words === words));
  return azMonitor('action-group update', id, [
    ...(gone.length > 0 ? [`--remove-action ${gone.map(({ name }) => shellWord(name)).join(' ')}`] : []),
    ...fresh.map(({ words }) => words && `--add-action ${words}`),
  ]);
}

/** As `TYPE NAME ADDRESS`; undefined for one that the CLI would take for something else. */
function receiversOf({ webhookReceivers, emailReceivers }: ActionGroup['properties']) {
  const of = (kind: string, name: string, address: string, schema: boolean | null | undefined, signsIn = false) => {
    const words = [kind, shellWord(name), shellWord(address), ...(schema ? ['usecommonalertschema'] : [])].join(' ');
    return { name, words: isPlain(name) && isPlain(address) && !signsIn ? words : undefined };
  };
  return [
    ...(webhookReceivers ?? []).map(({ name, serviceUri, useCommonAlertSchema, useAadAuth }) =>
      of('webhook', name, serviceUri, useCommonAlertSchema, useAadAuth === true),
    ),
    ...(emailReceivers ?? []).map(({ name, emailAddress, useCommonAlertSchema }) =>
      of('email', name, emailAddress, useCommonAlertSchema),
    ),
  ];
}

/** A rule or a group goes; undefined for what the CLI has no command for without an extension. */
export function azDeleteAlerting(id: string): string | undefined {
  const type = /\/Microsoft\.Insights\/(metricAlerts|actionGroups)\//i.exec(id)?.[1]?.toLowerCase();
  if (!type) return undefined;
  return azMonitor(`${type === 'metricalerts' ? 'metrics alert' : 'action-group'} delete`, id, []);
}

/** The request itself, for what no command of the CLI says. */
export function azRest({ method, resourceId, apiVersion, body }: AlertRequest): string {
  const lines = [`az rest --method ${method.toLowerCase()}`, `--uri '${resourceId}?api-version=${apiVersion}'`];
  if (body !== undefined) lines.push(`--body '${JSON.stringify(body).replaceAll("'", String.raw`'\''`)}'`);
  return lines.join(' \\\n  ');
}

function option(name: string, text: string): string | undefined {
  return isPlain(text) ? `${name} ${shellWord(text)}` : undefined;
}

function withEach(name: string, values: readonly (string | undefined)[]): (string | undefined)[] {
  return values.map((value) => value && `${name} ${value}`);
}

function changed<Of>(is: Of, was: Of, words: (of: Of) => string | undefined): (string | undefined)[] {
  return words(is) === words(was) ? [] : [words(is)];
}
