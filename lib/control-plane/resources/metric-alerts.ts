import {
  MetricAlertForPatch,
  MetricAlertForPut,
  type MetricAlertProperties,
} from '../../arm/insights/metric-alerts.ts';
import { HEALTHY_LOOKS_TO_RESOLVE } from '../../rules/alerts.ts';
import { endRule } from '../alerts/look.ts';
import { monitorResourceId, serverIdOf, type MetricAlertRow } from '../alerts/rule.ts';
import { listAlertConditions, setHealthyLooks } from '../store/alert-conditions.ts';
import { setEvaluatedTo } from '../store/monitor-resources.ts';
import { readServer } from '../store/servers.ts';
import { METRIC_ALERTS_API_VERSIONS } from './arm-versions.ts';
import { requireMetricAlert } from './metric-alert-requirements.ts';
import {
  monitorRoute,
  monitorRoutes,
  requireGlobal,
  requireMonitor,
  saveMonitor,
  type MonitorKind,
} from './monitor-resources.ts';
import { parseBody } from './parse-body.ts';
import { childNotFound } from './refusals.ts';
import type { Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';

const TYPE = 'Microsoft.Insights/metricAlerts';

const KIND: MonitorKind<MetricAlertProperties> = {
  type: 'metricAlerts',
  armType: TYPE,
  parameter: 'ruleName',
  operations: 'MetricAlerts',
  listBySubscription: 'ListBySubscription',
  get: 'Get',
  apiVersions: METRIC_ALERTS_API_VERSIONS,
  title: 'alert rule',
  body: armMetricAlert,
  deleted: ({ control }, row) => {
    endRule(control.world, row, control.world.clock.now(), 'The rule was deleted.');
  },
};

/** Alert rules on metrics. */
export function metricAlertRoutes(resources: Resources): ArmRoute[] {
  const route = monitorRoute(KIND);
  return [
    ...monitorRoutes(resources, KIND),
    route({ method: 'PUT', permission: 'write' }, 'MetricAlerts_CreateOrUpdate', (request) => {
      const { location, tags, properties } = parseBody(MetricAlertForPut, request.body, 'MetricAlertResource');
      requireGlobal(TYPE, location);
      return { status: 200, body: save(resources, request, tags, properties) };
    }),
    route({ method: 'PATCH', permission: 'write' }, 'MetricAlerts_Update', (request) => {
      const row = requireMonitor(resources, request, KIND);
      const { tags, properties } = parseBody(MetricAlertForPatch, request.body, 'MetricAlertResourcePatch');
      const given = Object.entries(properties ?? {}).filter(([, value]) => value !== undefined);
      const whole = { ...row.properties, ...Object.fromEntries(given) };
      return { status: 200, body: save(resources, request, tags ?? row.tags, whole) };
    }),
    route({ method: 'GET', suffix: '/status', permission: 'read' }, 'MetricAlertsStatus_List', (request) => ({
      status: 200,
      body: { value: statuses(resources, requireMonitor(resources, request, KIND)) },
    })),
    route(
      { method: 'GET', suffix: '/status/{statusName}', permission: 'read' },
      'MetricAlertsStatus_ListByName',
      (request) => {
        const wanted = request.params['statusName']!;
        const found = statuses(resources, requireMonitor(resources, request, KIND)).filter(
          ({ name }) => name === wanted,
        );
        if (found.length === 0) throw childNotFound(`${TYPE}/status`, wanted);
        return { status: 200, body: { value: found } };
      },
    ),
  ];
}

function save(
  resources: Resources,
  request: ArmRequest,
  tags: Record<string, string> | null | undefined,
  given: MetricAlertProperties,
): unknown {
  const { database } = resources.control.world;
  const {
    lastUpdatedTime: _updated,
    isMigrated: _migrated,
    ...properties
  } = requireMetricAlert(resources, request, given);
  const { row } = saveMonitor(resources, request, KIND, {
    tags,
    properties,
    saved(saved, before) {
      if (before && condition(before.properties) === condition(properties)) return;
      // What was found so far holds of another condition: an alert ends as soon as this one is not met.
      setHealthyLooks(database, saved.id, HEALTHY_LOOKS_TO_RESOLVE - 1);
      setEvaluatedTo(database, saved.id, null);
    },
  });
  return armMetricAlert(row);
}

/** What a look depends on. */
function condition({
  enabled,
  scopes,
  windowSize,
  evaluationFrequency,
  criteria,
  ...rest
}: MetricAlertProperties): string {
  const { autoMitigate, targetResourceRegion } = rest;
  return JSON.stringify([
    enabled,
    scopes,
    windowSize,
    evaluationFrequency,
    criteria,
    autoMitigate,
    targetResourceRegion,
  ]);
}

function armMetricAlert(row: MetricAlertRow) {
  return {
    id: monitorResourceId(row),
    name: row.name,
    type: TYPE,
    location: 'global',
    tags: row.tags,
    properties: { ...row.properties, lastUpdatedTime: new Date(row.updatedAt).toISOString(), isMigrated: false },
  };
}

/** How the rule stands with each of its servers. */
function statuses({ control }: Resources, row: MetricAlertRow) {
  const { database } = control.world;
  return listAlertConditions(database, row.id).map(({ serverId, status, evaluatedAt }) => {
    const resourceId = serverIdOf(readServer(database, serverId));
    const name = Buffer.from(`resourceId=${resourceId.toLowerCase()}`).toString('base64url');
    return {
      name,
      id: `${monitorResourceId(row)}/status/${name}`,
      type: `${TYPE}/status`,
      properties: {
        dimensions: { resourceId },
        status: status === 'NoData' ? 'Unknown' : status,
        timestamp: new Date(evaluatedAt).toISOString(),
      },
    };
  });
}
