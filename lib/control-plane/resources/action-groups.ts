import { randomBytes } from 'node:crypto';
import {
  ActionGroupForPatch,
  ActionGroupForPut,
  NotificationRequest,
  type ActionGroup,
} from '../../arm/insights/action-groups.ts';
import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { isEmailAddress } from '../alerts/mail.ts';
import { monitorResourceId } from '../alerts/rule.ts';
import { recordActivity } from '../operations/activity-event.ts';
import { transaction } from '../store/database.ts';
import { setSigningSecret, type MonitorRow } from '../store/monitor-resources.ts';
import { ACTION_GROUPS_API_VERSIONS } from './arm-versions.ts';
import {
  monitorRoute,
  monitorRoutes,
  pathOf,
  requireGlobal,
  requireMonitor,
  saveMonitor,
  type MonitorKind,
} from './monitor-resources.ts';
import { parseBody } from './parse-body.ts';
import { invalidParameter, notOffered } from './refusals.ts';
import { callerOf, type Resources } from './resources.ts';
import type { ArmRequest, ArmRoute } from './route.ts';
import { sendTest, testResult } from './test-notifications.ts';

const TYPE = 'Microsoft.Insights/actionGroups';
/** Azure's limit of what a group's short name has. */
const LONGEST_SHORT_NAME = 12;
const MOST_RECEIVERS = 10;

type Properties = ActionGroup['properties'];

const OTHER_RECEIVERS: Readonly<Record<string, string>> = {
  smsReceivers: 'Text messages are',
  voiceReceivers: 'Phone calls are',
  itsmReceivers: 'ITSM connections are',
  azureAppPushReceivers: 'Notifications of the Azure app are',
  automationRunbookReceivers: 'Automation runbooks are',
  logicAppReceivers: 'Logic apps are',
  azureFunctionReceivers: 'Azure functions are',
  armRoleReceivers: 'E-mails to everybody of a role are',
  eventHubReceivers: 'Event hubs are',
  incidentReceivers: 'Incidents are',
};

const KIND: MonitorKind<Properties> = {
  type: 'actionGroups',
  armType: TYPE,
  parameter: 'actionGroupName',
  operations: 'ActionGroups',
  listBySubscription: 'ListBySubscriptionId',
  get: 'Get',
  apiVersions: ACTION_GROUPS_API_VERSIONS,
  title: 'action group',
  body: armActionGroup,
};

/** Action groups: who is told when an alert fires. */
export function actionGroupRoutes(resources: Resources): ArmRoute[] {
  const route = monitorRoute(KIND);
  const testVersions = ACTION_GROUPS_API_VERSIONS.filter((version) => version >= '2022-06-01');
  return [
    ...monitorRoutes(resources, KIND),
    route({ method: 'PUT', permission: 'write' }, 'ActionGroups_CreateOrUpdate', (request) => {
      const { location, tags, properties } = parseBody(ActionGroupForPut, request.body, 'ActionGroupResource');
      requireGlobal(TYPE, location);
      const { row, created } = save(resources, request, tags, requireActionGroup(resources, properties));
      return { status: created ? 201 : 200, body: armActionGroup(row) };
    }),
    route({ method: 'PATCH', permission: 'write' }, 'ActionGroups_Update', (request) => {
      const row = requireMonitor(resources, request, KIND);
      const { tags, properties } = parseBody(ActionGroupForPatch, request.body, 'ActionGroupPatchBody');
      const enabled = properties?.enabled ?? row.properties.enabled;
      const saved = save(resources, request, tags ?? row.tags, { ...row.properties, enabled });
      return { status: 200, body: armActionGroup(saved.row) };
    }),
    {
      ...route(
        { method: 'POST', suffix: '/createNotifications', permission: 'createNotifications/action' },
        'ActionGroups_CreateNotificationsAtActionGroupResourceLevel',
        (request) => {
          const group = requireMonitor(resources, request, KIND);
          const body = parseBody(NotificationRequest, request.body, 'NotificationRequestBody');
          requireReceivers(resources, body);
          const id = sendTest(resources, group, body, request.principal.name);
          const { origin, apiVersion } = request;
          const Location = `${origin}${monitorResourceId(group)}/notificationStatus/${id}?api-version=${apiVersion}`;
          return { status: 202, headers: { Location, 'Retry-After': '1' } };
        },
      ),
      apiVersions: testVersions,
    },
    {
      ...route(
        { method: 'GET', suffix: '/notificationStatus/{notificationId}', permission: 'read' },
        'ActionGroups_GetTestNotificationsAtActionGroupResourceLevel',
        (request) => {
          requireMonitor(resources, request, KIND);
          return { status: 200, body: testResult(resources, request.params['notificationId']!) };
        },
      ),
      apiVersions: testVersions,
    },
    {
      method: 'POST',
      path: `${pathOf(KIND)}/providers/${FLEXDECK_LOCAL}/regenerateSigningSecret`,
      operationId: 'SigningSecrets_Regenerate',
      action: `${FLEXDECK_LOCAL}/signingSecrets/write`,
      apiVersions: [FLEXDECK_LOCAL_VERSION],
      handle: (request) => regenerate(resources, request),
    },
  ];
}

function save(
  resources: Resources,
  request: ArmRequest,
  tags: Record<string, string> | null | undefined,
  properties: Properties,
) {
  const { database } = resources.control.world;
  return saveMonitor(resources, request, KIND, {
    tags,
    properties,
    saved(row, before) {
      if (!before) setSigningSecret(database, row.id, randomBytes(32).toString('base64url'));
    },
  });
}

/** A new secret, told this once: bodies are signed with it from now on. */
function regenerate(resources: Resources, request: ArmRequest) {
  const row = requireMonitor(resources, request, KIND);
  const { database, clock, newId } = resources.control.world;
  const secret = randomBytes(32).toString('base64url');
  transaction(database, () => {
    setSigningSecret(database, row.id, secret);
    recordActivity(database, {
      action: `${FLEXDECK_LOCAL}/signingSecrets/write`,
      title: 'Make a new signing secret',
      resourceId: monitorResourceId(row),
      caller: callerOf(request, 'POST'),
      status: 'Succeeded',
      operationId: newId(),
      eventId: newId(),
      at: clock.now(),
    });
  });
  return { status: 200, body: { secret }, headers: { 'Cache-Control': 'no-store' } };
}

function requireActionGroup(resources: Resources, properties: Properties): Properties {
  const { groupShortName } = properties;
  if (groupShortName.trim() === '' || groupShortName.length > LONGEST_SHORT_NAME) {
    throw invalidParameter('properties.groupShortName', `The short name has 1 to ${LONGEST_SHORT_NAME} characters.`);
  }
  requireReceivers(resources, properties, 'properties.');
  const { webhookReceivers, emailReceivers } = properties;
  return {
    groupShortName,
    enabled: properties.enabled ?? true,
    webhookReceivers: (webhookReceivers ?? []).map(({ name, serviceUri, useCommonAlertSchema }) => ({
      name,
      serviceUri,
      useCommonAlertSchema: useCommonAlertSchema ?? false,
      useAadAuth: false,
    })),
    emailReceivers: (emailReceivers ?? []).map(({ name, emailAddress, useCommonAlertSchema }) => ({
      name,
      emailAddress,
      useCommonAlertSchema: useCommonAlertSchema ?? false,
      status: 'Enabled',
    })),
  };
}

/** @throws {ArmError} for a kind of receiver that is not offered, an address that may not be called, names that repeat. */
function requireReceivers(
  { control }: Resources,
  receivers: Pick<Properties, 'webhookReceivers' | 'emailReceivers'> & { [kind: string]: unknown },
  prefix = '',
): void {
  for (const [kind, what] of Object.entries(OTHER_RECEIVERS)) {
    const given = receivers[kind];
    if (Array.isArray(given) && given.length > 0) throw notOffered(`${prefix}${kind}`, what);
  }
  const { webhookProblem, mailProblem } = control.world.notifier;
  const webhooks = receivers.webhookReceivers ?? [];
  const mails = receivers.emailReceivers ?? [];
  for (const [index, { serviceUri, useAadAuth }] of webhooks.entries()) {
    const at = `${prefix}webhookReceivers[${index}]`;
    if (useAadAuth) throw notOffered(`${at}.useAadAuth`, 'Webhooks that sign in with Microsoft Entra ID are');
    const problem = webhookProblem(serviceUri);
    if (problem) throw invalidParameter(`${at}.serviceUri`, problem);
  }
  for (const [index, { emailAddress }] of mails.entries()) {
    const at = `${prefix}emailReceivers[${index}]`;
    if (mailProblem) throw invalidParameter(at, mailProblem);
    if (!isEmailAddress(emailAddress)) {
      throw invalidParameter(`${at}.emailAddress`, `'${emailAddress}' is not an e-mail address.`);
    }
  }
  if (webhooks.length > MOST_RECEIVERS || mails.length > MOST_RECEIVERS) {
    throw invalidParameter(
      `${prefix}webhookReceivers`,
      `An action group has ${MOST_RECEIVERS} receivers of a kind at most.`,
    );
  }
  const names = [...webhooks, ...mails].map(({ name }) => name.toLowerCase());
  if (names.includes('')) throw invalidParameter(`${prefix}webhookReceivers`, 'Each receiver has a name.');
  if (new Set(names).size < names.length) {
    throw invalidParameter(
      `${prefix}webhookReceivers`,
      'Names must be unique across all receivers within an action group.',
    );
  }
}

function armActionGroup(row: MonitorRow<Properties>) {
  const none = Object.fromEntries(
    Object.keys(OTHER_RECEIVERS)
      .filter((kind) => kind !== 'incidentReceivers')
      .map((kind) => [kind, []]),
  );
  return {
    id: monitorResourceId(row),
    name: row.name,
    type: 'Microsoft.Insights/ActionGroups',
    location: 'Global',
    tags: row.tags,
    properties: { ...none, ...row.properties },
  };
}
