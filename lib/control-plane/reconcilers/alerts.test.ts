import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ArmError } from '../../arm/error.ts';
import {
  ACTION_GROUP,
  actionGroup,
  criterion,
  METRIC_ALERT,
  metricAlert,
  MUTING,
} from '../resources/conformance-alerts.ts';
import {
  createTestCloud,
  TEST_GROUP,
  TEST_SERVER,
  TEST_SUBSCRIPTION,
  withServer,
  type TestCloud,
} from '../resources/conformance-world.ts';
import { RECOMMENDED_RULES } from '../../rules/alerts.ts';
import { listDueDeliveries } from '../store/alert-deliveries.ts';
import { appendMinute } from '../store/samples.ts';
import { findServerByName } from '../store/servers.ts';
import { startMailServer } from '../testing/mail-server.ts';
import { alertDeliveryReconciler } from './alert-deliveries.ts';
import { alertsReconciler } from './alerts.ts';

const MINUTE = 60_000;
const ALERTS = `/subscriptions/${TEST_SUBSCRIPTION}/providers/Microsoft.AlertsManagement/alerts`;

/** A receiver on this machine, that answers as it is told. */
let receiver: Server;
let hook: string;
let status = 200;
// oxlint-disable-next-line typescript/no-explicit-any -- whatever was sent
let received: { id: string; body: any }[] = [];

let now: number;
let cloud: TestCloud;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ id: request.headers['x-flexdeck-delivery'] as string, body: JSON.parse(body) });
    response.writeHead(status).end();
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterAll(() => receiver.close());

beforeEach(async () => {
  now = 5_000_000 * MINUTE;
  status = 200;
  received = [];
  cloud = await withServer(createTestCloud({ now: () => now }));
  const webhookReceivers = [{ name: 'hook', serviceUri: hook, useCommonAlertSchema: true }];
  await put(ACTION_GROUP, actionGroup({ webhookReceivers }), 201);
});

async function put(path: string, body: unknown, expected = 200): Promise<void> {
  const answer = await cloud.call('PUT', path, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(expected);
}

/** One minute passes; its sample is kept, unless it is null; then the daemon looks. */
async function minute(value: number | null): Promise<void> {
  const { world } = cloud.resources.control;
  if (value !== null) {
    const { id } = findServerByName(world.database, 'srv1')!;
    appendMinute(
      world.metering.samples,
      id,
      now,
      new Map([['cpu_percent', { minimum: value, maximum: value, value }]]),
    );
  }
  now += MINUTE;
  // A daemon that was just started: nothing is remembered but what was written.
  now += 6_000;
  await alertsReconciler(world).tick();
  now -= 6_000;
}

/** Delivers what is due, until nothing is under way. */
async function deliver(): Promise<void> {
  const deliveries = alertDeliveryReconciler(cloud.resources.control.world);
  await deliveries.tick();
  await deliveries.settled();
}

async function alerts(query: Record<string, string> = {}) {
  const { body } = await cloud.call('GET', ALERTS, { query: { timeRange: '30d', ...query } });
  return body.value.map(({ properties: { essentials } }: { properties: { essentials: object } }) => essentials);
}

const ONE_MINUTE = metricAlert({ windowSize: 'PT1M' });

describe('a rule', () => {
  it('fires once, tells its receiver, and is resolved after three healthy minutes', async () => {
    await put(METRIC_ALERT, ONE_MINUTE);
    await minute(10);
    expect(await alerts()).toEqual([]);
    await minute(90);
    await minute(95);
    expect(await alerts()).toMatchObject([
      { monitorCondition: 'Fired', alertState: 'New', severity: 'Sev2', targetResourceName: 'srv1' },
    ]);
    await deliver();
    expect(received).toHaveLength(1);
    expect(received[0]!.body).toMatchObject({
      schemaId: 'azureMonitorCommonAlertSchema',
      data: {
        essentials: {
          alertRule: 'cpu',
          monitorCondition: 'Fired',
          severity: 'Sev2',
          alertTargetIDs: [TEST_SERVER.toLowerCase()],
          investigationLink: expect.stringMatching(
            /^http:\/\/localhost:3000\/servers\/[\w-]+\/rg1\/srv1\/alerts\?pane=alert&of=[\w-]+$/,
          ),
        },
        alertContext: { condition: { allOf: [{ metricName: 'cpu_percent', threshold: '50', metricValue: 90 }] } },
        customProperties: { team: 'data' },
      },
    });
    await minute(10);
    await minute(10);
    expect(await alerts({ monitorCondition: 'Fired' })).toHaveLength(1);
    await minute(10);
    expect(await alerts()).toMatchObject([
      { monitorCondition: 'Resolved', monitorConditionResolvedDateTime: expect.any(String) },
    ]);
    await deliver();
    expect(received.map(({ body }) => body.data.essentials.monitorCondition)).toEqual(['Fired', 'Resolved']);
    const id = received[0]!.body.data.essentials.alertId;
    const { body } = await cloud.call('GET', `${id}/history`);
    expect(body.properties.modifications.map((one: { modificationEvent: string }) => one.modificationEvent)).toEqual([
      'AlertCreated',
      'ActionsTriggered',
      'MonitorConditionChange',
      'ActionsTriggered',
    ]);
  });

  it('neither fires nor is resolved by minutes without a sample', async () => {
    await put(METRIC_ALERT, metricAlert({ windowSize: 'PT1M', criteria: lessThan(50) }));
    await minute(null);
    await minute(null);
    expect(await alerts()).toEqual([]);
    await minute(10);
    for (let index = 0; index < 5; index++) await minute(null);
    expect(await alerts()).toMatchObject([{ monitorCondition: 'Fired' }]);
  });

  it('is looked at when the clock was set back behind its last look', async () => {
    await put(METRIC_ALERT, ONE_MINUTE);
    await minute(10);
    now -= 24 * 60 * MINUTE;
    await minute(90);
    expect(await alerts({ timeRange: '30d' })).toMatchObject([{ monitorCondition: 'Fired' }]);
  });

  it('needs all of its criteria', async () => {
    const allOf = [criterion(), criterion({ name: 'second', timeAggregation: 'Count', threshold: 2 })];
    await put(METRIC_ALERT, metricAlert({ windowSize: 'PT5M', criteria: criteria(allOf) }));
    await minute(90);
    await minute(90);
    expect(await alerts()).toEqual([]);
    await minute(90);
    expect(await alerts()).toHaveLength(1);
  });

  it('of a group has the servers that come later, in its region', async () => {
    const body = metricAlert({
      windowSize: 'PT1M',
      scopes: [TEST_GROUP],
      targetResourceType: 'Microsoft.DBforMySQL/flexibleServers',
      targetResourceRegion: 'West Europe',
      criteria: {
        ...criteria([criterion()]),
        'odata.type': 'Microsoft.Azure.Monitor.MultipleResourceMultipleMetricCriteria',
      },
    });
    await put(METRIC_ALERT, body);
    await minute(90);
    expect(await alerts()).toHaveLength(1);
    const elsewhere = structuredClone(body);
    elsewhere.properties = { ...elsewhere.properties, targetResourceRegion: 'eastus' } as never;
    await put(METRIC_ALERT, elsewhere);
    await minute(90);
    expect(await alerts()).toMatchObject([{ monitorCondition: 'Resolved' }]);
  });

  it('that is changed ends its alert with the first look that finds nothing', async () => {
    await put(METRIC_ALERT, ONE_MINUTE);
    await minute(90);
    await put(METRIC_ALERT, metricAlert({ windowSize: 'PT1M', criteria: criteria([criterion({ threshold: 99 })]) }));
    await minute(90);
    expect(await alerts()).toMatchObject([{ monitorCondition: 'Resolved' }]);
  });

  it.each(['disabled', 'deleted'])('that is %s ends its alert, and says so', async (how) => {
    await put(METRIC_ALERT, ONE_MINUTE);
    await minute(90);
    if (how === 'deleted') await cloud.call('DELETE', METRIC_ALERT);
    else await cloud.call('PATCH', METRIC_ALERT, { body: { properties: { enabled: false } } });
    await minute(90);
    expect(await alerts()).toMatchObject([{ monitorCondition: 'Resolved' }]);
    now += 10_000;
    await deliver();
    expect(received.map(({ body }) => body.data.essentials.monitorCondition).toSorted()).toEqual(['Fired', 'Resolved']);
  });

  it('says in its status how it stands, and in the activity log who made it', async () => {
    await put(METRIC_ALERT, ONE_MINUTE);
    await minute(90);
    const { body } = await cloud.call('GET', `${METRIC_ALERT}/status`);
    expect(body.value).toMatchObject([
      { properties: { status: 'Unhealthy', dimensions: { resourceId: TEST_SERVER } } },
    ]);
    const log = await cloud.call(
      'GET',
      `/subscriptions/${TEST_SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values`,
      {
        query: { $filter: `eventTimestamp ge '${new Date(now - 60 * MINUTE).toISOString()}'` },
      },
    );
    expect(log.body.value.map((event: { operationName: { value: string } }) => event.operationName.value)).toEqual(
      expect.arrayContaining(['Microsoft.Insights/metricAlerts/write', 'Microsoft.Insights/actionGroups/write']),
    );
  });
});

describe('a notification', () => {
  it('is tried again until its receiver takes it, with the same id', async () => {
    await put(METRIC_ALERT, ONE_MINUTE);
    await minute(90);
    status = 503;
    await deliver();
    await deliver();
    expect(received).toHaveLength(1);
    status = 200;
    now += 10_000;
    await deliver();
    now += 60 * MINUTE;
    await deliver();
    expect(received).toHaveLength(2);
    expect(received[0]!.id).toBe(received[1]!.id);
  });

  it('does not wait for another receiver that hangs, however much there is for that one', async () => {
    const hung = createServer(() => {});
    hung.listen(0, '127.0.0.1');
    await once(hung, 'listening');
    const serviceUri = `http://127.0.0.1:${(hung.address() as AddressInfo).port}/`;
    const test = (webhookReceivers: object[]) =>
      cloud.call('POST', `${ACTION_GROUP}/createNotifications`, {
        body: { alertType: 'metricstaticthreshold', webhookReceivers },
      });
    for (let count = 0; count < 40; count++) await test([{ name: 'hung', serviceUri }]);
    now += 1;
    await test([{ name: 'hook', serviceUri: hook }]);
    const deliveries = alertDeliveryReconciler(cloud.resources.control.world);
    try {
      await deliveries.tick();
      await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 8_000 });
    } finally {
      await deliveries.stop();
      hung.closeAllConnections();
      hung.close();
    }
  });

  it('that was taken is not sent again while the disk is too full to write that down', async () => {
    await put(METRIC_ALERT, ONE_MINUTE);
    await minute(90);
    const { database } = cloud.resources.control.world;
    const deliveries = alertDeliveryReconciler(cloud.resources.control.world);
    const tick = async () => {
      await deliveries.tick();
      await deliveries.settled();
    };
    database.exec(`CREATE TRIGGER full BEFORE UPDATE ON alert_deliveries
      BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END`);
    await tick();
    await tick();
    expect(listDueDeliveries(database, now, 10)).toHaveLength(1);
    database.exec('DROP TRIGGER full');
    await tick();
    expect(listDueDeliveries(database, now, 10)).toEqual([]);
    expect(received).toHaveLength(1);
  });

  it('is kept back while the alert is muted, and the alert is seen all the same', async () => {
    const iso = (time: number) => new Date(time).toISOString().slice(0, 19);
    const muting = {
      location: 'Global',
      properties: {
        scopes: [TEST_SERVER],
        actions: [{ actionType: 'RemoveAllActionGroups' }],
        schedule: { effectiveFrom: iso(now), effectiveUntil: iso(now + 10 * MINUTE), timeZone: 'UTC' },
      },
    };
    await put(MUTING, muting, 201);
    await put(METRIC_ALERT, ONE_MINUTE);
    await minute(90);
    await deliver();
    expect(received).toEqual([]);
    expect(await alerts()).toMatchObject([{ actionStatus: { isSuppressed: true } }]);
    now += 20 * MINUTE;
    for (let index = 0; index < 3; index++) await minute(10);
    await minute(90);
    await deliver();
    expect(received.map(({ body }) => body.data.essentials.monitorCondition)).toEqual(['Fired']);
  });

  it('does not wait for a time that a clock set back has put far away', async () => {
    await put(METRIC_ALERT, ONE_MINUTE);
    await minute(90);
    status = 503;
    await deliver();
    status = 200;
    now -= 24 * 60 * MINUTE;
    await deliver();
    expect(received).toHaveLength(2);
  });

  it('of a test is sent, and its end is told', async () => {
    const body = { alertType: 'metricstaticthreshold', webhookReceivers: [{ name: 'hook', serviceUri: hook }] };
    const asked = await cloud.call('POST', `${ACTION_GROUP}/createNotifications`, { body });
    expect(asked.status).toBe(202);
    await deliver();
    expect(received[0]!.body).toMatchObject({ schemaId: 'AzureMonitorMetricAlert', data: { status: 'Activated' } });
    const result = await cloud.call('GET', new URL(asked.headers['Location']!).pathname);
    expect(result.body).toMatchObject({ state: 'Complete', actionDetails: [{ Name: 'hook', Status: 'Completed' }] });
  });
});

describe('an e-mail', () => {
  it('waits for its mail server, and is handed in once', async () => {
    const mail = await startMailServer();
    await mail.close();
    const { port } = mail;
    cloud = await withServer(
      createTestCloud({
        now: () => now,
        mailServer: { host: '127.0.0.1', port, tls: 'offered', from: 'db@flexdeck.localhost' },
      }),
    );
    const emailReceivers = [{ name: 'me', emailAddress: 'me@example.com' }];
    await put(ACTION_GROUP, actionGroup({ emailReceivers }), 201);
    await put(METRIC_ALERT, ONE_MINUTE);
    await minute(90);
    await deliver();
    const { database } = cloud.resources.control.world;
    const due = listDueDeliveries(database, now + 60 * MINUTE, 10);
    const waiting = due.find(({ receiverKind }) => receiverKind === 'Email');
    expect(waiting).toMatchObject({ attempts: 1, detail: expect.stringContaining('could not be reached') });
    const back = await startMailServer({}, { port });
    now += 10_000;
    await deliver();
    now += 60 * MINUTE;
    await deliver();
    await back.close();
    expect(back.received.map(({ to, raw }) => [to, raw.includes('cpu has fired for srv1.')])).toEqual([
      [['me@example.com'], true],
    ]);
    expect(back.received[0]!.raw).toContain(waiting!.id);
  });

  it('can be asked whether there is a way for it', async () => {
    const path = `/subscriptions/${TEST_SUBSCRIPTION}/providers/Flexdeck.Local/notificationChannels`;
    const states = async () => {
      const { body } = await cloud.call('GET', path);
      return body.value.map(({ name, properties }: { name: string; properties: { state: string } }) => [
        name,
        properties.state,
      ]);
    };
    expect(await states()).toEqual([
      ['webhook', 'Available'],
      ['email', 'NotConfigured'],
    ]);
    const mailServer = { host: 'mail', port: 25, tls: 'offered', from: 'db@flexdeck.localhost' } as const;
    cloud = createTestCloud({ mailServer });
    expect(await states()).toContainEqual(['email', 'Available']);
  });
});

it('rules and action groups are among a group’s resources, to who may read them', async () => {
  await put(METRIC_ALERT, ONE_MINUTE);
  const list = async (query = {}) => {
    const { body } = await cloud.call('GET', `${TEST_GROUP}/resources`, { query });
    return body.value.map(({ type, name }: { type: string; name: string }) => `${type}/${name}`);
  };
  const group = ACTION_GROUP.split('/').at(-1)!;
  const [rule, people] = ['Microsoft.Insights/metricAlerts/cpu', `Microsoft.Insights/actionGroups/${group}`];
  expect(await list()).toEqual(['Microsoft.DBforMySQL/flexibleServers/srv1', rule, people]);
  expect(await list({ $filter: "resourceType eq 'microsoft.insights/metricalerts'" })).toEqual([rule]);
  cloud.resources.authorizer.isAllowed = (_, action) => !action.includes('actionGroups');
  expect(await list()).not.toContain(people);
});

describe('what people make of an alert', () => {
  it('is kept with who said so', async () => {
    await put(METRIC_ALERT, ONE_MINUTE);
    await minute(90);
    const { body } = await cloud.call('GET', ALERTS);
    const id = body.value[0].id;
    const answer = await cloud.call('POST', `${id}/changestate`, {
      query: { newState: 'Acknowledged' },
      body: { comments: 'Mine.' },
    });
    expect(answer.body.properties.essentials).toMatchObject({
      alertState: 'Acknowledged',
      lastModifiedUserName: 'owner@local',
    });
    const history = await cloud.call('GET', `${id}/history`);
    expect(history.body.properties.modifications).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ modificationEvent: 'StateChange', newValue: 'Acknowledged', comments: 'Mine.' }),
      ]),
    );
    expect((await cloud.call('POST', `${id}/changestate`, { query: { newState: 'Gone' } })).status).toBe(400);
  });
});

describe('what is recommended', () => {
  it.each(RECOMMENDED_RULES)(
    '$title',
    async ({ title, description, severity, windowSize, evaluationFrequency, ...condition }) => {
      const { metricName, timeAggregation, operator, threshold } = condition;
      const allOf = [criterion({ name: metricName, metricName, timeAggregation, operator, threshold })];
      const body = metricAlert({ description, severity, windowSize, evaluationFrequency, criteria: criteria(allOf) });
      await put(METRIC_ALERT.replace(/cpu$/, encodeURIComponent(`${title} on srv1`)), body);
    },
  );
});

describe('what cannot be', () => {
  it.each([
    ['properties.severity', { severity: 7 }],
    ['properties.evaluationFrequency', { evaluationFrequency: 'PT5M', windowSize: 'PT1M' }],
    ['properties.windowSize', { windowSize: 'PT2M' }],
    [
      'properties.criteria.allOf[0].criterionType',
      { criteria: criteria([criterion({ criterionType: 'DynamicThresholdCriterion' })]) },
    ],
    ['properties.criteria.allOf[0].metricName', { criteria: criteria([criterion({ metricName: 'nonsense' })]) }],
    ['properties.criteria.allOf[0].operator', { criteria: criteria([criterion({ operator: 'constructor' })]) }],
    ['properties.criteria.allOf[0].dimensions', { criteria: criteria([criterion({ dimensions: [{}] })]) }],
    ['properties.criteria.allOf', { criteria: criteria([]) }],
    ['properties.scopes[0]', { scopes: [`${TEST_SERVER}x`] }],
    ['properties.actions[0].actionGroupId', { actions: [{ actionGroupId: `${ACTION_GROUP}x` }] }],
  ])('%s', async (target, properties) => {
    const { status: answered, body } = await cloud.call('PUT', METRIC_ALERT, { body: metricAlert(properties) });
    expect(answered).toBe(400);
    expect(body.error.target).toBe(target);
  });

  it('e-mail without a mail server is refused with what to do', async () => {
    const body = actionGroup({ emailReceivers: [{ name: 'me', emailAddress: 'me@example.com' }] });
    const answer = await cloud.call('PUT', ACTION_GROUP, { body });
    expect(answer.body.error.message).toContain('FLEXDECK_SMTP_URL');
  });

  it('a rule does not tell what its author cannot see', async () => {
    cloud = await withServer(createTestCloud({ now: () => now }));
    cloud.resources.authorizer.require = (_, action) => {
      if (action.startsWith('Microsoft.DBforMySQL')) throw new ArmError('AuthorizationFailed', 403, 'Not allowed.');
    };
    const answer = await cloud.call('PUT', METRIC_ALERT, { body: metricAlert({ actions: [] }) });
    expect(answer.status).toBe(403);
  });
});

function criteria(allOf: object[]) {
  return { 'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria', allOf };
}

function lessThan(threshold: number) {
  return criteria([criterion({ operator: 'LessThan', threshold })]);
}
