import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { BicepTypes } from './conformance-bicep.ts';
import { OpenApiFiles, SPEC_FOLDER, SPEC_IS_THERE } from './conformance-openapi.ts';
import {
  createTestCloud,
  newServer,
  TEST_GROUP,
  TEST_SERVER,
  TEST_SUBSCRIPTION,
  type Call,
} from './conformance-world.ts';
import { ACTION_GROUP, actionGroup, METRIC_ALERT, metricAlert } from './conformance-alerts.ts';

/**
 * Every answer of every resource, in every api-version, against Azure's official files. A version between two files is
 * held against the nearest later one, with what it does not have yet left out.
 */
const FILE_OF: Record<string, string> = {
  '2021-05-01-preview': '2021-05-01',
  '2022-09-30-preview': '2023-06-30',
  '2023-06-01-preview': '2023-06-30',
  '2023-10-01-preview': '2023-12-30',
  '2023-12-01-preview': '2023-12-30',
  '2024-02-01-preview': '2024-10-01-preview',
  '2024-06-01-preview': '2024-10-01-preview',
};
/** These have type sets only. */
const TYPE_SETS = ['2024-12-30', '2025-06-01-preview', '2025-12-01-preview'];
/** A file of its own for three groups; the others are those of the version before. */
const FALLBACK: Record<string, string> = { '2024-10-01-preview': '2023-12-30' };

/** What our answers have beyond the files, and why. */
const ADDITIONS: Record<string, string> = {
  '.properties.stateReason': 'says why a server is in its state; ours alone',
  '.value[].properties.stateReason': 'the same in lists',
  '.properties.sizeBytes': 'size of a database; ours alone',
  '.value[].properties.sizeBytes': 'the same in lists',
  '.error.target': 'older CloudError types name code and message only',
};
/** Answers that the files describe otherwise than Azure gives them, by recorded traffic. */
const RECORDED_OTHERWISE: Record<string, string> = {
  OperationResults_Get: 'the files say a status; recorded answers are the resource, or name and type of the server',
};

const LIST = TEST_SERVER.slice(0, TEST_SERVER.lastIndexOf('/'));
const PROVIDER = `/subscriptions/${TEST_SUBSCRIPTION}/providers/Microsoft.DBforMySQL`;
const LOCATION = `${PROVIDER}/locations/westeurope`;

interface Step {
  method: string;
  path: string;
  body?: unknown;
  query?: Record<string, string>;
  status: number;
}

/** A server's life, with everything that can be asked about it and a few things that are refused. */
function life(): Step[] {
  const rule = { properties: { startIpAddress: '203.0.113.1', endIpAddress: '203.0.113.9' } };
  const get = (path: string, status = 200): Step => ({ method: 'GET', path, status });
  const put = (path: string, body: unknown, status = 202): Step => ({ method: 'PUT', path, body, status });
  const post = (path: string, body: unknown = undefined, status = 202): Step => ({
    method: 'POST',
    path,
    body,
    status,
  });
  return [
    get('/providers/Microsoft.DBforMySQL/operations'),
    post('/providers/Microsoft.DBforMySQL/getPrivateDnsZoneSuffix', undefined, 200),
    post(`${PROVIDER}/checkNameAvailability`, { name: 'srv1', type: 'Microsoft.DBforMySQL/flexibleServers' }, 200),
    post(`${LOCATION}/checkNameAvailability`, { name: 'Not Good', type: 'Microsoft.DBforMySQL/flexibleServers' }, 200),
    get(`${LOCATION}/capabilities`),
    get(`${LOCATION}/capabilitySets`),
    get(`${LOCATION}/capabilitySets/default`),
    put(TEST_SERVER, newServer({ version: '0.0' }), 400),
    put(TEST_SERVER, newServer()),
    get(TEST_SERVER),
    get(LIST),
    get(`${TEST_SERVER}/replicas`),
    get(`${PROVIDER}/flexibleServers`),
    get(`${LIST}/other`, 404),
    { method: 'PATCH', path: TEST_SERVER, body: { tags: { a: 'b' } }, status: 202 },
    put(`${TEST_SERVER}/firewallRules/office`, rule),
    get(`${TEST_SERVER}/firewallRules/office`),
    get(`${TEST_SERVER}/firewallRules`),
    get(`${TEST_SERVER}/firewallRules/none`, 404),
    put(`${TEST_SERVER}/databases/shop`, { properties: { charset: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' } }),
    get(`${TEST_SERVER}/databases/shop`),
    get(`${TEST_SERVER}/databases`),
    get(`${TEST_SERVER}/databases/none`, 404),
    get(`${TEST_SERVER}/configurations`),
    get(`${TEST_SERVER}/configurations/max_connections`),
    get(`${TEST_SERVER}/configurations/none`, 404),
    get(`${TEST_SERVER}/logFiles`),
    {
      method: 'PATCH',
      path: `${TEST_SERVER}/configurations/max_connections`,
      body: { properties: { value: '200', source: 'user-override' } },
      status: 202,
    },
    put(`${TEST_SERVER}/configurations/max_connections`, { properties: { source: 'system-default' } }),
    post(`${TEST_SERVER}/updateConfigurations`, { value: [{ name: 'max_connections', properties: { value: '100' } }] }),
    get(`${TEST_SERVER}/maintenances`),
    get(`${TEST_SERVER}/maintenances/none`, 404),
    post(`${TEST_SERVER}/restart`, { restartWithFailover: 'Disabled' }),
    post(`${TEST_SERVER}/stop`),
    get(TEST_SERVER),
    post(`${TEST_SERVER}/start`),
    { method: 'DELETE', path: `${TEST_SERVER}/firewallRules/office`, status: 202 },
    { method: 'DELETE', path: `${TEST_SERVER}/firewallRules/office`, status: 204 },
    { method: 'DELETE', path: `${TEST_SERVER}/databases/shop`, status: 202 },
    { method: 'DELETE', path: TEST_SERVER, status: 202 },
    { method: 'DELETE', path: TEST_SERVER, status: 204 },
  ];
}

/** Walks through the life; `seen` gets each answer, those of polling included. */
async function live(apiVersion: string, seen: (call: Call, step: Step) => void): Promise<void> {
  const cloud = createTestCloud();
  await cloud.call('PUT', TEST_GROUP, { body: { location: 'westeurope' } });
  for (const step of life()) {
    const isThere = cloud.routes.some(
      (route) => route.apiVersions.includes(apiVersion) && fits(route.path, route.method, step),
    );
    if (!isThere) continue;
    const call = await cloud.call(step.method, step.path, { ...step, apiVersion });
    expect(call.status, `${step.method} ${step.path} ${JSON.stringify(call.body)}`).toBe(step.status);
    seen(call, step);
    if (call.status !== 202) continue;
    await cloud.settle();
    for (const header of ['Azure-AsyncOperation', 'Location']) {
      const poll = await cloud.call('GET', new URL(call.headers[header]!).pathname, { apiVersion });
      expect([200, 204], JSON.stringify(poll.body)).toContain(poll.status);
      seen(poll, { ...step, method: 'GET', path: header });
    }
  }
}

function fits(template: string, method: string, step: Step): boolean {
  const pattern = template.replace(/[.$]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+');
  return method === step.method && new RegExp(`^${pattern}$`, 'i').test(step.path);
}

describe.skipIf(!SPEC_IS_THERE)(
  'answers by Azure’s official files (they are beside the repository or this is skipped)',
  () => {
    let mysql: OpenApiFiles;
    let checked = 0;
    beforeAll(() => {
      mysql = new OpenApiFiles('mysql/resource-manager/Microsoft.DBforMySQL');
    });

    const operationIn = (version: string, operationId: string) =>
      mysql.operation(version, operationId) ?? mysql.operation(FALLBACK[version] ?? '', operationId);

    it.each(MYSQL_API_VERSIONS.filter((version) => !TYPE_SETS.includes(version)))('%s', async (apiVersion) => {
      const file = FILE_OF[apiVersion] ?? apiVersion;
      const faults: string[] = [];
      const unlooked = new Set<string>();
      await live(apiVersion, ({ route, status, body }, step) => {
        if (route.operationId in RECORDED_OTHERWISE) return;
        const operation = operationIn(file, route.operationId);
        if (!operation) {
          unlooked.add(route.operationId);
          return;
        }
        const found = mysql.check(operation, status, body);
        faults.push(...found.faults.map((fault) => `${step.method} ${step.path}: ${fault}`));
        faults.push(
          ...found.unknown.filter((path) => !(path in ADDITIONS)).map((path) => `${route.operationId} has ${path}`),
        );
        checked += 1;
      });
      expect(faults).toEqual([]);
      // The status monitor is in no file; the capability sets came between 2022-09-30-preview and 2023-06-30.
      expect([...unlooked].filter((id) => id !== 'AzureAsyncOperation_Get')).toEqual([]);
    });

    it('looked at all of them', () => {
      console.info(`${checked} answers validated against OpenAPI files`);
      expect(checked).toBeGreaterThan(400);
    });

    it.each(TYPE_SETS)('%s, by its type set', async (apiVersion) => {
      const types = new BicepTypes(apiVersion);
      const faults: string[] = [];
      let resources = 0;
      await live(apiVersion, ({ route, status, body }) => {
        if (
          status !== 200 ||
          !/^(Servers|Databases|FirewallRules|Configurations|LocationBasedCapabilitySet)_/.test(route.operationId)
        )
          return;
        for (const resource of body.value ?? [body]) {
          const found = types.check(resource.type, resource);
          faults.push(...found.faults.map((fault) => `${route.operationId}: ${fault}`));
          faults.push(
            ...found.unknown
              .filter((path) => !KNOWN_TO_ALL.includes(path) && !(path in ADDITIONS))
              .map((path) => `${route.operationId} has ${path}`),
          );
          resources += 1;
        }
      });
      expect([...new Set(faults)]).toEqual([]);
      expect(resources).toBeGreaterThan(10);
      console.info(`${apiVersion}: ${resources} resources validated against the type set`);
    });
  },
);

/** ARM's own members of every resource, which type sets leave out. */
const KNOWN_TO_ALL = ['.systemData'];

const ARM_ADDITIONS: Record<string, string> = {
  '.value[].channels': 'an event of Azure has it, the file does not name it',
  '.error': 'the activity log’s file has code and message at the top; ARM answers with its envelope everywhere',
};

describe.skipIf(!SPEC_IS_THERE)('answers of ARM’s own providers by their files', () => {
  const group = TEST_GROUP;
  const subscription = `/subscriptions/${TEST_SUBSCRIPTION}`;
  const tags = { properties: { tags: { a: 'b' } } };
  const get = (name: string, query: Record<string, string> = {}, status = 200): Step => ({
    method: 'GET',
    path: `${TEST_SERVER}/providers/Microsoft.Insights/${name}`,
    query,
    status,
  });
  const serverSteps = (): Step[] => [
    { method: 'PUT', path: group, body: { location: 'westeurope' }, status: 201 },
    { method: 'PUT', path: TEST_SERVER, body: newServer(), status: 202 },
  ];
  const steps: Record<string, Step[]> = {
    subscriptions: [
      { method: 'GET', path: '/tenants', status: 200 },
      { method: 'GET', path: '/subscriptions', status: 200 },
      { method: 'GET', path: subscription, status: 200 },
      { method: 'GET', path: `${subscription}/locations`, status: 200 },
    ],
    resources: [
      { method: 'HEAD', path: group, status: 404 },
      { method: 'PUT', path: group, body: { location: 'westeurope', tags: { a: 'b' } }, status: 201 },
      { method: 'PUT', path: group, body: { location: 'westeurope', tags: { a: 'b' } }, status: 200 },
      { method: 'PUT', path: group, body: { location: 'eastus' }, status: 409 },
      { method: 'HEAD', path: group, status: 204 },
      { method: 'GET', path: group, status: 200 },
      { method: 'PATCH', path: group, body: { tags: { c: 'd' } }, status: 200 },
      { method: 'GET', path: `${subscription}/resourcegroups`, query: { $filter: "tagName eq 'c'" }, status: 200 },
      {
        method: 'GET',
        path: `${group}/resources`,
        query: { $expand: 'createdTime,changedTime,provisioningState' },
        status: 200,
      },
      { method: 'GET', path: `${subscription}/resources`, query: { $filter: "resourceGroup eq 'rg1'" }, status: 200 },
      { method: 'GET', path: `${subscription}/providers`, status: 200 },
      { method: 'GET', path: `${subscription}/providers/Microsoft.DBforMySQL`, status: 200 },
      { method: 'GET', path: '/providers/Microsoft.Nothing', status: 404 },
      { method: 'GET', path: '/providers', status: 200 },
      { method: 'PUT', path: `${group}/providers/Microsoft.Resources/tags/default`, body: tags, status: 200 },
      {
        method: 'PATCH',
        path: `${group}/providers/Microsoft.Resources/tags/default`,
        body: { operation: 'Merge', ...tags },
        status: 200,
      },
      { method: 'GET', path: `${group}/providers/Microsoft.Resources/tags/default`, status: 200 },
      { method: 'DELETE', path: `${group}/providers/Microsoft.Resources/tags/default`, status: 200 },
      { method: 'DELETE', path: group, status: 202 },
    ],
    metrics: [
      ...serverSteps(),
      get('metricDefinitions'),
      get('metricDefinitions', { metricnamespace: 'Microsoft.DBforMySQL/flexibleServers' }),
      get('metrics'),
      get('metrics', {
        metricnames: 'cpu_percent,Queries',
        aggregation: 'Average,Minimum,Maximum,Total,Count',
        interval: 'PT5M',
      }),
      get('metrics', { metricnames: 'cpu_percent', interval: 'FULL', resultType: 'Metadata' }),
      get('metrics', { metricnames: 'nonsense' }, 400),
      get('metrics', { timespan: 'yesterday' }, 400),
      get('metrics', { interval: 'PT2M' }, 400),
    ],
    namespaces: [...serverSteps(), get('metricNamespaces')],
    batch: [
      ...serverSteps(),
      {
        method: 'POST',
        path: `${subscription}/metrics:getBatch`,
        query: {
          metricnamespace: 'Microsoft.DBforMySQL/flexibleServers',
          metricnames: 'cpu_percent,Queries',
          starttime: new Date(Date.now() - 3_600_000).toISOString(),
          interval: 'PT5M',
        },
        body: { resourceids: [TEST_SERVER] },
        status: 200,
      },
      { method: 'POST', path: `${subscription}/metrics:getBatch`, body: { resourceids: [] }, status: 400 },
    ],
    actionGroups: [
      ...serverSteps(),
      { method: 'PUT', path: ACTION_GROUP, body: actionGroup(), status: 201 },
      { method: 'PUT', path: ACTION_GROUP, body: actionGroup(), status: 200 },
      { method: 'PATCH', path: ACTION_GROUP, body: { properties: { enabled: false } }, status: 200 },
      { method: 'GET', path: ACTION_GROUP, status: 200 },
      { method: 'GET', path: ACTION_GROUP.slice(0, ACTION_GROUP.lastIndexOf('/')), status: 200 },
      { method: 'GET', path: `${subscription}/providers/Microsoft.Insights/actionGroups`, status: 200 },
      { method: 'GET', path: `${ACTION_GROUP}x`, status: 404 },
      {
        method: 'POST',
        path: `${ACTION_GROUP}/createNotifications`,
        body: {
          alertType: 'metricstaticthreshold',
          webhookReceivers: [{ name: 'a', serviceUri: 'http://localhost/' }],
        },
        status: 202,
      },
      {
        method: 'PUT',
        path: ACTION_GROUP,
        body: actionGroup({ smsReceivers: [{ name: 'a', countryCode: '1', phoneNumber: '1' }] }),
        status: 400,
      },
      { method: 'DELETE', path: ACTION_GROUP, status: 200 },
      { method: 'DELETE', path: ACTION_GROUP, status: 204 },
    ],
    metricAlerts: [
      ...serverSteps(),
      { method: 'PUT', path: ACTION_GROUP, body: actionGroup(), status: 201 },
      { method: 'PUT', path: METRIC_ALERT, body: metricAlert(), status: 200 },
      { method: 'PATCH', path: METRIC_ALERT, body: { properties: { enabled: false } }, status: 200 },
      { method: 'GET', path: METRIC_ALERT, status: 200 },
      { method: 'GET', path: `${METRIC_ALERT}/status`, status: 200 },
      { method: 'GET', path: METRIC_ALERT.slice(0, METRIC_ALERT.lastIndexOf('/')), status: 200 },
      { method: 'GET', path: `${subscription}/providers/Microsoft.Insights/metricAlerts`, status: 200 },
      { method: 'GET', path: `${METRIC_ALERT}x`, status: 404 },
      { method: 'PUT', path: METRIC_ALERT, body: metricAlert({ windowSize: 'PT7M' }), status: 400 },
      { method: 'DELETE', path: METRIC_ALERT, status: 200 },
      { method: 'DELETE', path: METRIC_ALERT, status: 204 },
    ],
    health: [
      ...serverSteps(),
      { method: 'GET', path: `${TEST_SERVER}/providers/Microsoft.ResourceHealth/availabilityStatuses`, status: 200 },
      {
        method: 'GET',
        path: `${TEST_SERVER}/providers/Microsoft.ResourceHealth/availabilityStatuses/current`,
        status: 200,
      },
      { method: 'GET', path: `${group}/providers/Microsoft.ResourceHealth/availabilityStatuses`, status: 200 },
      { method: 'GET', path: `${subscription}/providers/Microsoft.ResourceHealth/availabilityStatuses`, status: 200 },
    ],
    insights: [
      { method: 'PUT', path: group, body: { location: 'westeurope' }, status: 201 },
      {
        method: 'GET',
        path: `${subscription}/providers/Microsoft.Insights/eventtypes/management/values`,
        query: { $filter: `eventTimestamp ge '${new Date(Date.now() - 3_600_000).toISOString()}'` },
        status: 200,
      },
      { method: 'GET', path: `${subscription}/providers/Microsoft.Insights/eventtypes/management/values`, status: 400 },
    ],
  };

  const specified: [name: string, folder: string, apiVersion: string][] = [
    ['subscriptions', 'resources/resource-manager/Microsoft.Resources', '2019-11-01'],
    ['subscriptions', 'resources/resource-manager/Microsoft.Resources', '2022-12-01'],
    ['resources', 'resources/resource-manager/Microsoft.Resources', '2021-04-01'],
    ['resources', 'resources/resource-manager/Microsoft.Resources', '2024-07-01'],
    ['insights', 'insights/resource-manager/Microsoft.Insights', '2015-04-01'],
    ['metrics', 'insights/resource-manager/Microsoft.Insights', '2018-01-01'],
    ['metrics', 'insights/resource-manager/Microsoft.Insights', '2021-05-01'],
    ['metrics', 'insights/resource-manager/Microsoft.Insights', '2023-10-01'],
    ['metrics', 'insights/resource-manager/Microsoft.Insights', '2024-02-01'],
    ['namespaces', 'insights/resource-manager/Microsoft.Insights', '2024-02-01'],
    ['batch', 'insights/data-plane/Microsoft.Insights', '2023-10-01'],
    ['actionGroups', 'insights/resource-manager/Microsoft.Insights', '2022-06-01'],
    ['actionGroups', 'insights/resource-manager/Microsoft.Insights', '2023-01-01'],
    ['metricAlerts', 'insights/resource-manager/Microsoft.Insights', '2018-03-01'],
    ['health', 'resourcehealth/resource-manager/Microsoft.ResourceHealth', '2020-05-01'],
  ];
  const isThere = ([, folder]: (typeof specified)[number]) => existsSync(join(SPEC_FOLDER, folder));

  for (const [name, folder] of specified.filter((file) => !isThere(file))) {
    it.skip(`${name}: ${folder} is not beside the repository`, () => {});
  }

  it.each(specified.filter(isThere))('%s (%s, %s)', async (name, folder, apiVersion) => {
    const files = new OpenApiFiles(folder);
    const cloud = createTestCloud();
    const faults: string[] = [];
    for (const step of steps[name]!) {
      const own = cloud.routes.some(
        (route) =>
          route.apiVersions.includes(apiVersion) && fits(route.path.replace('/{scope}', '.*'), route.method, step),
      );
      const call = await cloud.call(step.method, step.path, { ...step, ...(own && { apiVersion }) });
      expect(call.status, `${step.method} ${step.path} ${JSON.stringify(call.body)}`).toBe(step.status);
      await cloud.settle();
      const operation = files.operation(apiVersion, call.route.operationId);
      if (!operation) {
        // What had to be there first is not what is looked at.
        if (own && step.path !== TEST_SERVER) faults.push(`${call.route.operationId} is not in the file`);
        continue;
      }
      const found = files.check(operation, call.status, call.body);
      faults.push(...found.faults.map((fault) => `${step.method} ${step.path}: ${fault}`));
      faults.push(
        ...found.unknown
          .filter((path) => !(path in ARM_ADDITIONS))
          .map((path) => `${call.route.operationId} has ${path}`),
      );
    }
    expect([...new Set(faults)]).toEqual([]);
  });
});
