import { ArmError } from '../../arm/error.ts';
import { ALERT_STATES } from '../../arm/insights/alerts.ts';
import { MYSQL_NAMESPACE, serverKeyOf, SERVER_TYPE } from '../../arm/resource-id.ts';
import type { AlertContext } from '../alerts/payloads.ts';
import { alertResourceId } from '../alerts/payloads.ts';
import { isWithin, serverIdOf } from '../alerts/rule.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { listDeliveriesOf } from '../store/alert-deliveries.ts';
import {
  findAlert,
  insertAlertEvent,
  listAlertEvents,
  listAlerts,
  setAlertState,
  type AlertRow,
} from '../store/alerts.ts';
import { transaction } from '../store/database.ts';
import { ALERTS_API_VERSIONS } from './arm-versions.ts';
import { parseTimespan } from './metric-query.ts';
import { page } from './paging.ts';
import { childNotFound, invalidParameter } from './refusals.ts';
import { callerOf, requireServer, requireSubscription, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';

const TYPE = 'Microsoft.AlertsManagement/alerts';
const LIST = `/subscriptions/{subscriptionId}/providers/${TYPE}`;
const SERVER = `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/${MYSQL_NAMESPACE}/flexibleServers/{serverName}`;
const TIME_RANGES: Readonly<Record<string, string>> = { '1h': 'PT1H', '1d': 'P1D', '7d': 'P7D', '30d': 'P30D' };
const GROUPS: Readonly<Record<string, (alert: AlertRow) => string>> = {
  severity: ({ severity }) => `Sev${severity}`,
  alertstate: ({ state }) => state,
  monitorcondition: ({ monitorCondition }) => monitorCondition,
  monitorservice: () => 'Platform',
  signaltype: () => 'Metric',
  alertrule: ({ ruleName }) => ruleName,
};

/** Alerts that fired: who sees a server sees its alerts. */
export function alertRoutes(resources: Resources): ArmRoute[] {
  const route = (
    method: ArmRoute['method'],
    path: string,
    operationId: string,
    handle: ArmRoute['handle'],
  ): ArmRoute => ({
    method,
    path,
    operationId: `Alerts_${operationId}`,
    action: null,
    apiVersions: ALERTS_API_VERSIONS,
    handle,
  });
  return [
    route('GET', LIST, 'GetAll', (request) => {
      requireSubscription(resources, request);
      return { status: 200, body: page(request, found(resources, request).map(armAlert)) };
    }),
    route('GET', `${SERVER}/providers/${TYPE}`, 'GetAllOfServer', (request) => {
      const target = serverIdOf(requireServer(resources, request));
      resources.authorizer.require(request.principal, `${TYPE}/read`, target);
      const alerts = found(resources, request).filter((alert) => isWithin(alert.target, target));
      return { status: 200, body: page(request, alerts.map(armAlert)) };
    }),
    route('GET', `${LIST}/{alertId}`, 'GetById', (request) => ({
      status: 200,
      body: armAlert(requireAlert(resources, request, 'read')),
    })),
    route('POST', `${LIST}/{alertId}/changestate`, 'ChangeState', (request) => changeState(resources, request)),
    // Older versions ask for it with POST.
    ...(['GET', 'POST'] as const).map((method) =>
      route(method, `${LIST}/{alertId}/history`, 'GetHistory', (request) => ({
        status: 200,
        body: history(resources, requireAlert(resources, request, 'read')),
      })),
    ),
    route(
      'GET',
      '/subscriptions/{subscriptionId}/providers/Microsoft.AlertsManagement/alertsSummary',
      'GetSummary',
      (request) => {
        requireSubscription(resources, request);
        const groupBy = (query(request, 'groupby') ?? 'severity').split(',').map((each) => each.trim());
        const unknown = groupBy.find((each) => !Object.hasOwn(GROUPS, each.toLowerCase()));
        if (unknown !== undefined) {
          throw invalidParameter(
            'groupby',
            `'${unknown}' is not a field to group by. Use severity, alertState, monitorCondition, monitorService, signalType or alertRule.`,
          );
        }
        const alerts = found(resources, request);
        const properties = { ...grouped(alerts, groupBy), total: alerts.length, smartGroupsCount: 0 };
        const id = `/subscriptions/${request.params['subscriptionId']}/providers/Microsoft.AlertsManagement/alertsSummary/current`;
        return {
          status: 200,
          body: { id, name: 'current', type: 'Microsoft.AlertsManagement/alertsSummary', properties },
        };
      },
    ),
  ];
}

function query(request: ArmRequest, name: string): string | undefined {
  return Object.entries(request.query).find(([given]) => given.toLowerCase() === name)?.[1];
}

/** Those that the caller may see and the query asks for: by default those of the last day, and whatever is still fired. */
function found({ control, authorizer }: Resources, request: ArmRequest): AlertRow[] {
  const { database, clock } = control.world;
  const asked = query(request, 'timerange');
  if (asked !== undefined && !Object.hasOwn(TIME_RANGES, asked)) {
    throw invalidParameter('timeRange', `The time range is one of ${Object.keys(TIME_RANGES).join(', ')}.`);
  }
  const custom = query(request, 'customtimerange');
  const span = custom
    ? parseTimespan(custom, clock.now())
    : { ...parseTimespan(TIME_RANGES[asked ?? '1d'], clock.now()), to: clock.now() };
  const is = (name: string, of: (alert: AlertRow) => string) => {
    const wanted = query(request, name)?.toLowerCase();
    return wanted === undefined ? () => true : (alert: AlertRow) => of(alert).toLowerCase() === wanted;
  };
  const filters = [
    is('severity', ({ severity }) => `Sev${severity}`),
    is('monitorcondition', ({ monitorCondition }) => monitorCondition),
    is('alertstate', ({ state }) => state),
    is('targetresource', ({ target }) => target),
    is('targetresourcegroup', ({ resourceGroup }) => resourceGroup),
    is('targetresourcetype', () => SERVER_TYPE),
    is('monitorservice', () => 'Platform'),
  ];
  const rule = query(request, 'alertrule')?.toLowerCase();
  return listAlerts(database, request.params['subscriptionId']!, span).filter(
    (alert) =>
      filters.every((meets) => meets(alert)) &&
      (rule === undefined || alert.ruleName.toLowerCase() === rule || alert.ruleResourceId.toLowerCase() === rule) &&
      authorizer.isAllowed(request.principal, `${TYPE}/read`, alert.target),
  );
}

function requireAlert(resources: Resources, request: ArmRequest, permission: 'read' | 'changestate/action'): AlertRow {
  const { id } = requireSubscription(resources, request);
  const { database } = resources.control.world;
  const alert = findAlert(database, id, request.params['alertId']!);
  // Who may nothing here is not told what is there.
  if (!alert) resources.authorizer.require(request.principal, `${TYPE}/${permission}`, `/subscriptions/${id}`);
  if (!alert || !resources.authorizer.isAllowed(request.principal, `${TYPE}/read`, alert.target)) {
    throw childNotFound(TYPE, request.params['alertId']!);
  }
  resources.authorizer.require(request.principal, `${TYPE}/${permission}`, alert.target);
  return alert;
}

function changeState(resources: Resources, request: ArmRequest) {
  const alert = requireAlert(resources, request, 'changestate/action');
  const wanted = query(request, 'newstate');
  const state = ALERT_STATES.find((each) => each.toLowerCase() === wanted?.toLowerCase());
  if (!state) throw invalidParameter('newState', `The new state is one of ${ALERT_STATES.join(', ')}.`);
  const comments = commentsOf(request.body);
  const { database, clock, newId } = resources.control.world;
  const at = clock.now();
  if (state !== alert.state) {
    transaction(database, () => {
      setAlertState(database, alert.id, state, at, request.principal.name);
      const by = request.principal.name;
      insertAlertEvent(database, alert.id, {
        at,
        event: 'StateChange',
        oldValue: alert.state,
        newValue: state,
        by,
        comments,
      });
      recordActivity(database, {
        action: `${TYPE}/changestate/action`,
        title: `Set alert to ${state.toLowerCase()}`,
        resourceId: alert.target,
        caller: callerOf(request, 'POST'),
        status: 'Succeeded',
        operationId: newId(),
        eventId: newId(),
        story: `${alert.ruleName}: ${alert.state} to ${state}`,
        at,
      });
    });
  }
  return { status: 200, body: armAlert(findAlert(database, alert.subscriptionId, alert.id)!) };
}

/** `{ "comments": "…" }`, or none. */
function commentsOf(body: unknown): string {
  if (body === undefined || body === null || body === '') return '';
  const comments = (body as { comments?: unknown }).comments ?? '';
  if (typeof comments !== 'string' || comments.length > 2000) {
    throw new ArmError('InvalidRequestContent', 400, 'The comments are a text of 2000 characters at most.', {
      target: 'comments',
    });
  }
  return comments;
}

function grouped(alerts: readonly AlertRow[], [field, ...rest]: readonly string[]): object {
  if (field === undefined) return {};
  const groups = Map.groupBy(alerts, GROUPS[field.toLowerCase()]!);
  const values = [...groups].map(([name, members]) => ({ name, count: members.length, ...grouped(members, rest) }));
  return { groupedby: field, values };
}

function armAlert(alert: AlertRow) {
  const iso = (time: number) => new Date(time).toISOString();
  const { resourceGroup, target, context } = alert;
  return {
    id: alertResourceId(alert.subscriptionId, alert.id),
    name: alert.ruleName,
    type: TYPE,
    properties: {
      essentials: {
        severity: `Sev${alert.severity}`,
        signalType: 'Metric',
        alertState: alert.state,
        monitorCondition: alert.monitorCondition,
        monitorService: 'Platform',
        targetResource: target,
        targetResourceName: serverKeyOf(target)?.serverName,
        targetResourceGroup: resourceGroup,
        targetResourceType: SERVER_TYPE,
        sourceCreatedId: alert.id,
        alertRule: alert.ruleResourceId,
        description: alert.description,
        startDateTime: iso(alert.firedAt),
        lastModifiedDateTime: iso(alert.modifiedAt),
        lastModifiedUserName: alert.modifiedBy,
        ...(alert.resolvedAt !== null && { monitorConditionResolvedDateTime: iso(alert.resolvedAt) }),
        actionStatus: { isSuppressed: alert.suppressed },
      },
      context: { properties: {}, ...(context as AlertContext) },
    },
  };
}

/** What became of it, its notifications included. */
function history({ control }: Resources, alert: AlertRow) {
  const { database } = control.world;
  const iso = (time: number) => new Date(time).toISOString();
  const events = listAlertEvents(database, alert.id).map(({ at, event, oldValue, newValue, by, comments }) => ({
    modificationEvent: event,
    oldValue,
    newValue,
    modifiedAt: iso(at),
    modifiedBy: by,
    comments,
    description: '',
  }));
  const deliveries = listDeliveriesOf(database, { alertId: alert.id }).map((delivery) => {
    const { receiverKind, receiver, status, createdAt, endedAt, detail, attempts } = delivery;
    return {
      modificationEvent:
        status === 'Delivered' ? 'ActionsTriggered' : status === 'Failed' ? 'ActionsFailed' : 'ActionsPending',
      oldValue: '',
      newValue: `${receiverKind}: ${(receiver as { name: string }).name}`,
      modifiedAt: iso(endedAt ?? createdAt),
      modifiedBy: 'System',
      comments: detail ?? '',
      description: attempts > 1 ? `${attempts} attempts` : '',
    };
  });
  const modifications = [...events, ...deliveries].toSorted((one, other) =>
    one.modifiedAt.localeCompare(other.modifiedAt),
  );
  return {
    id: `${alertResourceId(alert.subscriptionId, alert.id)}/history/default`,
    name: 'default',
    type: `${TYPE}/history`,
    properties: { alertId: alert.id, modifications },
  };
}
