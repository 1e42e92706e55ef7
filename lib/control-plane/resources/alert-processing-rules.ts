import { AlertProcessingRuleForPatch, AlertProcessingRuleForPut } from '../../arm/insights/alerts.ts';
import { monitorResourceId } from '../alerts/rule.ts';
import { conditionProblem, type ProcessingRuleProperties } from '../alerts/suppression.ts';
import type { MonitorRow } from '../store/monitor-resources.ts';
import { ALERT_PROCESSING_RULES_API_VERSIONS } from './arm-versions.ts';
import { requireScope } from './metric-alert-requirements.ts';
import {
  monitorRoute,
  monitorRoutes,
  requireGlobal,
  requireMonitor,
  saveMonitor,
  type MonitorKind,
} from './monitor-resources.ts';
import { parseBody } from './parse-body.ts';
import { invalidParameter, notOffered } from './refusals.ts';
import type { Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';

const TYPE = 'Microsoft.AlertsManagement/actionRules';

const KIND: MonitorKind<ProcessingRuleProperties> = {
  type: 'actionRules',
  armType: TYPE,
  parameter: 'alertProcessingRuleName',
  operations: 'AlertProcessingRules',
  listBySubscription: 'ListBySubscription',
  get: 'GetByName',
  apiVersions: ALERT_PROCESSING_RULES_API_VERSIONS,
  title: 'alert processing rule',
  body: armRule,
};

/** Alert processing rules: for how long, and for what, nobody is told. */
export function alertProcessingRuleRoutes(resources: Resources): ArmRoute[] {
  const route = monitorRoute(KIND);
  return [
    ...monitorRoutes(resources, KIND),
    route({ method: 'PUT', permission: 'write' }, 'AlertProcessingRules_CreateOrUpdate', (request) => {
      const { location, tags, properties } = parseBody(AlertProcessingRuleForPut, request.body, 'AlertProcessingRule');
      requireGlobal(TYPE, location);
      const { row, created } = saveMonitor(resources, request, KIND, {
        tags,
        properties: requireRule(resources, request, properties),
      });
      return { status: created ? 201 : 200, body: armRule(row) };
    }),
    route({ method: 'PATCH', permission: 'write' }, 'AlertProcessingRules_Update', (request) => {
      const row = requireMonitor(resources, request, KIND);
      const { tags, properties } = parseBody(AlertProcessingRuleForPatch, request.body, 'PatchObject');
      const enabled = properties?.enabled ?? row.properties.enabled;
      const saved = saveMonitor(resources, request, KIND, {
        tags: tags ?? row.tags,
        properties: { ...row.properties, enabled },
      });
      return { status: 200, body: armRule(saved.row) };
    }),
  ];
}

function requireRule(
  resources: Resources,
  request: ArmRequest,
  properties: ProcessingRuleProperties,
): ProcessingRuleProperties {
  for (const [index, { actionType }] of properties.actions.entries()) {
    const at = `properties.actions[${index}].actionType`;
    if (actionType === 'AddActionGroups') throw notOffered(at, 'Adding action groups by a rule is');
    if (actionType !== 'RemoveAllActionGroups') throw invalidParameter(at, 'The action is RemoveAllActionGroups.');
  }
  for (const [index, condition] of (properties.conditions ?? []).entries()) {
    const problem = conditionProblem(condition);
    if (problem) throw invalidParameter(`properties.conditions[${index}]`, problem);
  }
  requireSchedule(properties.schedule);
  return {
    scopes: properties.scopes.map(
      (scope, index) => requireScope(resources, request, scope, `properties.scopes[${index}]`).id,
    ),
    ...(properties.conditions && { conditions: properties.conditions }),
    ...(properties.schedule && { schedule: { ...properties.schedule, timeZone: 'UTC' } }),
    actions: [{ actionType: 'RemoveAllActionGroups' }],
    description: properties.description ?? '',
    enabled: properties.enabled ?? true,
  };
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

function requireSchedule(schedule: ProcessingRuleProperties['schedule']): void {
  const { effectiveFrom, effectiveUntil, timeZone, recurrences } = schedule ?? {};
  if (timeZone && timeZone.toUpperCase() !== 'UTC') {
    throw notOffered('properties.schedule.timeZone', 'Schedules in another time zone than UTC are');
  }
  if (recurrences && recurrences.length > 0) {
    throw notOffered('properties.schedule.recurrences', 'Schedules that recur are');
  }
  for (const [name, time] of Object.entries({ effectiveFrom, effectiveUntil })) {
    if (time && !(TIME.test(time) && !Number.isNaN(Date.parse(`${time}Z`)))) {
      throw invalidParameter(
        `properties.schedule.${name}`,
        `'${time}' is not a time. It reads 2026-01-31T22:00:00, in UTC.`,
      );
    }
  }
  if (effectiveFrom && effectiveUntil && effectiveFrom >= effectiveUntil) {
    throw invalidParameter('properties.schedule.effectiveUntil', 'The schedule ends before it begins.');
  }
}

function armRule(row: MonitorRow<ProcessingRuleProperties>) {
  const iso = (time: number) => new Date(time).toISOString();
  return {
    id: monitorResourceId(row),
    type: TYPE,
    name: row.name,
    location: 'Global',
    tags: row.tags,
    systemData: {
      createdBy: row.createdBy,
      createdByType: 'User',
      createdAt: iso(row.createdAt),
      lastModifiedBy: row.updatedBy,
      lastModifiedByType: 'User',
      lastModifiedAt: iso(row.updatedAt),
    },
    properties: row.properties,
  };
}
