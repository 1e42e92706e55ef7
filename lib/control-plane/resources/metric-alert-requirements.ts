import { AGGREGATIONS } from '../../arm/insights/aggregations.ts';
import { MULTIPLE_RESOURCE_CRITERIA, SINGLE_RESOURCE_CRITERIA } from '../../arm/insights/alerting.ts';
import { type MetricAlertProperties, type MetricCriterion } from '../../arm/insights/metric-alerts.ts';
import { parseResourceId, resourceGroupId, SERVER_TYPE, serverKeyOf } from '../../arm/resource-id.ts';
import { MOST_ACTION_GROUPS, MOST_CRITERIA, OPERATORS, timingProblem } from '../../rules/alerts.ts';
import { findRegion } from '../../rules/regions.ts';
import { actionGroupKey, serverIdOf } from '../alerts/rule.ts';
import { findOfferedMetric, METRIC_NAMESPACE } from '../metrics/catalog.ts';
import { findMonitorResource } from '../store/monitor-resources.ts';
import { findResourceGroup } from '../store/resource-groups.ts';
import { findServer } from '../store/servers.ts';
import { invalidParameter, notOffered } from './refusals.ts';
import type { Resources } from './resources.ts';
import type { ArmRequest } from './route.ts';

const CRITERIA = 'properties.criteria.allOf';

/**
 * An alert rule's properties, checked and in one spelling.
 *
 * @throws {ArmError} 400 for the first thing that cannot be, with its path as the target; 403 for a server that the
 *   caller may not read: a rule must not tell what its author could not see.
 */
export function requireMetricAlert(
  resources: Resources,
  request: ArmRequest,
  properties: MetricAlertProperties,
): MetricAlertProperties {
  const { severity, description } = properties;
  if (severity < 0 || severity > 4) throw invalidParameter('properties.severity', 'The severity is 0, 1, 2, 3 or 4.');
  if (description && description.length > 4096) {
    throw invalidParameter('properties.description', 'A description has 4096 characters at most.');
  }
  const windowSize = properties.windowSize.toUpperCase();
  const evaluationFrequency = properties.evaluationFrequency.toUpperCase();
  const timing = timingProblem(windowSize, evaluationFrequency);
  if (timing) throw invalidParameter(`properties.${timing.target}`, timing.message);
  const { scopes, targetResourceRegion } = requireScopes(resources, request, properties);
  return {
    ...properties,
    windowSize,
    evaluationFrequency,
    scopes,
    ...(targetResourceRegion && { targetResourceRegion }),
    criteria: requireCriteria(properties.criteria),
    autoMitigate: properties.autoMitigate ?? true,
    actions: requireActions(resources, request, properties.actions ?? []),
  };
}

function requireCriteria(criteria: MetricAlertProperties['criteria']): MetricAlertProperties['criteria'] {
  const type = criteria['odata.type'];
  if (type === 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria') {
    throw notOffered('properties.criteria.odata.type', 'Web tests are');
  }
  if (type !== SINGLE_RESOURCE_CRITERIA && type !== MULTIPLE_RESOURCE_CRITERIA) {
    throw invalidParameter(
      'properties.criteria.odata.type',
      `'${type}' is no kind of criteria. Use ${SINGLE_RESOURCE_CRITERIA} or ${MULTIPLE_RESOURCE_CRITERIA}.`,
    );
  }
  const allOf = criteria.allOf ?? [];
  if (allOf.length === 0 || allOf.length > MOST_CRITERIA) {
    throw invalidParameter(CRITERIA, `A rule has 1 to ${MOST_CRITERIA} criteria, and this one has ${allOf.length}.`);
  }
  const names = new Set(allOf.map(({ name }) => name.toLowerCase()));
  if (names.size < allOf.length) throw invalidParameter(CRITERIA, 'Each criterion has a name of its own.');
  return {
    'odata.type': type,
    allOf: allOf.map((criterion, index) => requireCriterion(criterion, `${CRITERIA}[${index}]`)),
  };
}

function requireCriterion(criterion: MetricCriterion, at: string): MetricCriterion {
  if (criterion.criterionType === 'DynamicThresholdCriterion') {
    throw notOffered(`${at}.criterionType`, 'Dynamic thresholds are');
  }
  if (criterion.criterionType && criterion.criterionType !== 'StaticThresholdCriterion') {
    throw invalidParameter(`${at}.criterionType`, 'The kind of criterion is StaticThresholdCriterion.');
  }
  const { name, metricName, metricNamespace, operator, threshold, dimensions, timeAggregation } = criterion;
  if (name.trim() === '') throw invalidParameter(`${at}.name`, 'A criterion has a name.');
  if (metricNamespace && metricNamespace.toLowerCase() !== METRIC_NAMESPACE.toLowerCase()) {
    throw invalidParameter(`${at}.metricNamespace`, `The metrics of a server are those of ${METRIC_NAMESPACE}.`);
  }
  const metric = findOfferedMetric(metricName);
  if (!metric) {
    throw invalidParameter(
      `${at}.metricName`,
      `There is no metric '${metricName}' here. Ask for the server's metric definitions to see those that are.`,
    );
  }
  const aggregation = AGGREGATIONS.find((each) => each.toLowerCase() === timeAggregation.toLowerCase());
  if (!aggregation) {
    throw invalidParameter(`${at}.timeAggregation`, `The aggregation is one of ${AGGREGATIONS.join(', ')}.`);
  }
  if (!Object.hasOwn(OPERATORS, operator)) {
    throw invalidParameter(`${at}.operator`, `The comparison is one of ${Object.keys(OPERATORS).join(', ')}.`);
  }
  if (threshold === undefined || threshold === null) {
    throw invalidParameter(`${at}.threshold`, 'A criterion has a threshold.');
  }
  if (dimensions && dimensions.length > 0) {
    throw invalidParameter(
      `${at}.dimensions`,
      `The metrics of ${METRIC_NAMESPACE} have no dimensions. Leave them out.`,
    );
  }
  return {
    criterionType: 'StaticThresholdCriterion',
    name,
    metricName: metric.name,
    metricNamespace: METRIC_NAMESPACE,
    timeAggregation: aggregation,
    operator,
    threshold,
    dimensions: [],
    ...(criterion.skipMetricValidation !== undefined && { skipMetricValidation: criterion.skipMetricValidation }),
  };
}

function requireScopes(
  resources: Resources,
  request: ArmRequest,
  { scopes, criteria, targetResourceType, targetResourceRegion }: MetricAlertProperties,
): { scopes: string[]; targetResourceRegion: string | undefined } {
  if (scopes.length === 0) throw invalidParameter('properties.scopes', 'A rule names at least one server.');
  const checked = [...new Set(scopes)].map((scope, index) =>
    requireScope(resources, request, scope, `properties.scopes[${index}]`),
  );
  const isOneServer = checked.length === 1 && checked[0]!.isServer;
  if (criteria['odata.type'] === SINGLE_RESOURCE_CRITERIA && !isOneServer) {
    throw invalidParameter(
      'properties.criteria.odata.type',
      `Criteria for a single resource need one server as their scope. Use ${MULTIPLE_RESOURCE_CRITERIA} for more.`,
    );
  }
  if (targetResourceType && targetResourceType.toLowerCase() !== SERVER_TYPE.toLowerCase()) {
    throw invalidParameter('properties.targetResourceType', `Rules watch ${SERVER_TYPE} here.`);
  }
  if (!isOneServer && !targetResourceType) {
    throw invalidParameter(
      'properties.targetResourceType',
      `A rule for more than one server says which type of resource and which region: send targetResourceType ${SERVER_TYPE} and targetResourceRegion.`,
    );
  }
  if (!isOneServer && !targetResourceRegion) {
    throw invalidParameter(
      'properties.targetResourceRegion',
      'A rule for more than one server says in which region they are: send targetResourceRegion.',
    );
  }
  const region = targetResourceRegion ? findRegion(targetResourceRegion) : undefined;
  if (targetResourceRegion && !region) {
    throw invalidParameter('properties.targetResourceRegion', `There is no region '${targetResourceRegion}' here.`);
  }
  return { scopes: checked.map(({ id }) => id), targetResourceRegion: region?.name };
}

/** A server, a resource group or a subscription that is there and that the caller may read. */
export function requireScope(
  { control, authorizer }: Resources,
  request: ArmRequest,
  scope: string,
  target: string,
): { id: string; isServer: boolean } {
  const { database } = control.world;
  const parsed = parseResourceId(scope);
  const missing = () =>
    invalidParameter(
      target,
      `'${scope}' is not there. It is the id of a server, a resource group or the subscription.`,
    );
  if (!parsed || parsed.subscriptionId.toLowerCase() !== request.params['subscriptionId']!.toLowerCase())
    throw missing();
  const { subscriptionId } = parsed;
  const key = serverKeyOf(scope);
  const server = key && parsed.segments.length === 1 ? findServer(database, key) : undefined;
  const group =
    parsed.resourceGroup && !parsed.namespace
      ? findResourceGroup(database, subscriptionId, parsed.resourceGroup)
      : undefined;
  const isSubscription = !parsed.resourceGroup && !parsed.namespace;
  if (!server && !group && !isSubscription) throw missing();
  const id = server
    ? serverIdOf(server)
    : group
      ? resourceGroupId(group.subscriptionId, group.name)
      : `/subscriptions/${subscriptionId}`;
  authorizer.require(request.principal, `${SERVER_TYPE}/read`, id);
  return { id, isServer: server !== undefined };
}

function requireActions(
  { control, authorizer }: Resources,
  request: ArmRequest,
  actions: NonNullable<MetricAlertProperties['actions']>,
): MetricAlertProperties['actions'] {
  if (actions.length > MOST_ACTION_GROUPS) {
    throw invalidParameter('properties.actions', `A rule has ${MOST_ACTION_GROUPS} action groups at most.`);
  }
  for (const [index, { actionGroupId }] of actions.entries()) {
    const target = `properties.actions[${index}].actionGroupId`;
    const key = actionGroupKey(actionGroupId);
    if (!key) throw invalidParameter(target, `'${actionGroupId}' is not the id of an action group.`);
    authorizer.require(request.principal, 'Microsoft.Insights/actionGroups/read', actionGroupId);
    if (!findMonitorResource(control.world.database, key)) {
      throw invalidParameter(
        target,
        `The action group '${key.name}' is not in the resource group '${key.resourceGroup}'. Make it first.`,
      );
    }
  }
  return actions;
}
