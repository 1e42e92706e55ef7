import { describe, expect, it } from 'vitest';
import { MYSQL_API_VERSIONS } from '../../arm/api-versions.ts';
import { transaction } from '../store/database.ts';
import { putFirewallRule } from '../store/firewall-rules.ts';
import { listServers } from '../store/servers.ts';
import {
  createTestCloud,
  newServer,
  OWNER,
  TEST_GROUP,
  TEST_SERVER,
  TEST_SUBSCRIPTION,
  withServer,
  type Call,
  type TestCloud,
} from './conformance-world.ts';

const SUBSCRIPTION = `/subscriptions/${TEST_SUBSCRIPTION}`;
const PROVIDER = `${SUBSCRIPTION}/providers/Microsoft.DBforMySQL`;
const LOG = `${SUBSCRIPTION}/providers/Microsoft.Insights/eventtypes/management/values`;
const names = ({ body }: Call): string[] => body.value.map(({ name }: { name: string }) => name);
const codeOf = ({ status, body }: Call) => [status, body?.error?.code];

describe('resource groups', () => {
  it('are made once and keep their place', async () => {
    const cloud = createTestCloud();
    const put = (body: unknown) => cloud.call('PUT', TEST_GROUP, { body });
    expect((await put({ location: 'West Europe' })).status).toBe(201);
    expect((await put({ location: 'westeurope', tags: { a: 'b' } })).status).toBe(200);
    expect(codeOf(await put({ location: 'eastus' }))).toEqual([409, 'InvalidResourceGroupLocation']);
    expect((await cloud.call('GET', TEST_GROUP)).body).toEqual({
      id: TEST_GROUP,
      name: 'rg1',
      type: 'Microsoft.Resources/resourceGroups',
      location: 'westeurope',
      tags: { a: 'b' },
      properties: { provisioningState: 'Succeeded' },
    });
  });

  it.each<[string, string, unknown, string]>([
    ['a location that is none', 'rg1', { location: 'atlantis' }, 'LocationNotAvailableForResourceGroup'],
    ['a name that ends with a dot', 'rg1.', { location: 'eastus' }, 'InvalidResourceGroup'],
    ['no location', 'rg1', {}, 'LocationRequired'],
    ['an empty location', 'rg1', { location: '' }, 'LocationRequired'],
    ['no body', 'rg1', undefined, 'InvalidRequestContent'],
    [
      'too many tags',
      'rg1',
      { location: 'eastus', tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, ''])) },
      'InvalidTags',
    ],
  ])('refuse %s', async (_, name, body, code) => {
    expect(codeOf(await createTestCloud().call('PUT', TEST_GROUP.replace('rg1', name), { body }))).toEqual([400, code]);
  });

  it('take everything in them along, and nothing new while they go', async () => {
    const cloud = await withServer(createTestCloud());
    const answer = await cloud.call('DELETE', TEST_GROUP, { apiVersion: '2021-04-01' });
    expect(answer.status).toBe(202);
    expect(answer.headers['Location']).toMatch(/\/operationresults\/[-0-9a-f]{36}\?api-version=2021-04-01$/);
    const poll = new URL(answer.headers['Location']!).pathname;
    expect((await cloud.call('GET', TEST_GROUP)).body.properties.provisioningState).toBe('Deleting');
    const again = await cloud.call('DELETE', TEST_GROUP, { apiVersion: '2021-04-01' });
    expect(again).toMatchObject({ status: 202, headers: { Location: answer.headers['Location'] } });
    const late = await cloud.call('PUT', TEST_SERVER.replace('srv1', 'late'), { body: newServer() });
    expect(codeOf(late)).toEqual([409, 'ResourceGroupBeingDeleted']);
    await cloud.settle();
    expect((await cloud.call('GET', poll)).status).toBe(200);
    expect(codeOf(await cloud.call('GET', TEST_GROUP))).toEqual([404, 'ResourceGroupNotFound']);
    expect((await cloud.call('HEAD', TEST_GROUP)).status).toBe(404);
  });

  it('show themselves to those who may read them only', async () => {
    const cloud = createTestCloud({ isAllowed: (_, __, scope) => scope.toLowerCase().includes('/rg2') });
    for (const name of ['rg1', 'rg2']) {
      await cloud.call('PUT', TEST_GROUP.replace('rg1', name), { body: { location: 'eastus' } });
      await cloud.call('PUT', TEST_SERVER.replace('rg1', name).replace('srv1', `srv-${name}`), { body: newServer() });
      await cloud.settle();
    }
    expect(names(await cloud.call('GET', `${SUBSCRIPTION}/resourcegroups`))).toEqual(['rg2']);
    expect(names(await cloud.call('GET', `${PROVIDER}/flexibleServers`))).toEqual(['srv-rg2']);
    expect(names(await cloud.call('GET', `${SUBSCRIPTION}/resources`))).toEqual(['srv-rg2']);
    const { body } = await cloud.call('GET', LOG, recent());
    expect(
      new Set(body.value.map(({ resourceGroupName }: { resourceGroupName: string }) => resourceGroupName)),
    ).toEqual(new Set(['rg2']));
  });
});

function recent() {
  return { query: { $filter: `eventTimestamp ge '${new Date(Date.now() - 3_600_000).toISOString()}'` } };
}

describe('the list of resources', () => {
  it.each<[string, string[]]>([
    ["resourceType eq 'microsoft.dbformysql/flexibleservers'", ['srv1']],
    ["resourceType eq 'Microsoft.Web/sites'", []],
    ["resourceGroup eq 'RG1' and location eq 'West Europe'", ['srv1']],
    ["resourceGroup eq 'other'", []],
    ["tagName eq 'purpose' and tagValue eq 'test'", ['srv1']],
    ["tagName eq 'purpose' and tagValue eq 'work'", []],
    ["name eq 'srv1'", ['srv1']],
  ])('goes by %s', async ($filter, expected) => {
    const cloud = await withServer(createTestCloud());
    expect(names(await cloud.call('GET', `${SUBSCRIPTION}/resources`, { query: { $filter } }))).toEqual(expected);
  });

  it('refuses filters that it does not know', async () => {
    const cloud = createTestCloud();
    for (const $filter of ["colour eq 'blue'", 'name', "name ge 'a'", "name eq 'a' or name eq 'b'"]) {
      await withServer(cloud).catch(() => {});
      const answer = await cloud.call('GET', `${SUBSCRIPTION}/resources`, { query: { $filter } });
      expect(codeOf(answer), $filter).toEqual([400, 'InvalidFilterInQueryString']);
    }
  });
});

describe('tags', () => {
  it.each<[string, string, object, object]>([
    ['Merge', 'a group', { B: '3', c: '4' }, { a: '1', B: '3', c: '4' }],
    ['Replace', 'a group', { c: '4' }, { c: '4' }],
    ['Delete', 'a group', { a: '1', b: 'another' }, { b: '2' }],
    ['Merge', 'a server', { c: '4' }, { a: '1', b: '2', c: '4' }],
  ])('%s on %s', async (operation, what, tags, expected) => {
    const cloud = await withServer(createTestCloud());
    const scope = what === 'a group' ? TEST_GROUP : TEST_SERVER;
    const path = `${scope}/providers/Microsoft.Resources/tags/default`;
    await cloud.call('PUT', path, { body: { properties: { tags: { a: '1', b: '2' } } } });
    await cloud.settle();
    const answer = await cloud.call('PATCH', path, { body: { operation, properties: { tags } } });
    expect(answer.body).toMatchObject({ id: path, name: 'default', type: 'Microsoft.Resources/tags' });
    await cloud.settle();
    expect((await cloud.call('GET', path)).body.properties.tags).toEqual(expected);
    expect((await cloud.call('GET', scope)).body.tags).toEqual(expected);
    expect((await cloud.call('DELETE', path)).status).toBe(200);
    await cloud.settle();
    expect((await cloud.call('GET', scope)).body.tags).toBeUndefined();
  });
});

it('a parameter has one of two sources', async () => {
  const cloud = await withServer(createTestCloud());
  const patch = (source: string) =>
    cloud.call('PATCH', `${TEST_SERVER}/configurations/max_connections`, {
      body: { properties: { value: '50', source } },
    });
  const { error } = (await patch('somebody')).body;
  expect(error).toMatchObject({ code: 'InvalidParameterValue', target: 'properties.source' });
  expect((await patch('user-override')).status).toBe(202);
});

describe('firewall rules', () => {
  const put = (cloud: TestCloud, name: string, startIpAddress: unknown, endIpAddress: unknown) =>
    cloud.call('PUT', `${TEST_SERVER}/firewallRules/${name}`, {
      body: { properties: { startIpAddress, endIpAddress } },
    });

  it('say one fault in one sentence, the first that ARM finds, and all in the details', async () => {
    const cloud = await withServer(createTestCloud());
    const body = { startIpAddress: '10.0.0.1', endIpAddress: '10.0.0.1' };
    const { error } = (await cloud.call('PUT', `${TEST_SERVER}/firewallRules/a`, { body })).body;
    expect(error).toMatchObject({ code: 'InvalidRequestContent', target: 'startIpAddress' });
    expect(error.message).toContain("'Could not find member 'startIpAddress'");
    expect(error.details.map(({ target }: { target: string }) => target)).toContain('properties');
  });

  it('are created, changed and deleted, without regard to case', async () => {
    const cloud = await withServer(createTestCloud());
    expect((await put(cloud, 'Office', '203.0.113.1', '203.0.113.2')).body.operation).toBe(
      'UpsertServerFirewallRulesManagementOperation',
    );
    await cloud.settle();
    await put(cloud, 'OFFICE', '203.0.113.5', '203.0.113.6');
    await cloud.settle();
    const { body } = await cloud.call('GET', `${TEST_SERVER}/firewallRules`);
    expect(body.value).toEqual([
      {
        properties: { startIpAddress: '203.0.113.5', endIpAddress: '203.0.113.6' },
        id: `${TEST_SERVER}/firewallRules/Office`,
        name: 'Office',
        type: 'Microsoft.DBforMySQL/flexibleServers/firewallRules',
      },
    ]);
    expect((await cloud.call('DELETE', `${TEST_SERVER}/firewallRules/office`)).status).toBe(202);
    await cloud.settle();
    expect((await cloud.call('DELETE', `${TEST_SERVER}/firewallRules/office`)).status).toBe(204);
  });

  it.each<[string, string, unknown, unknown, string, string]>([
    ['an inverted range', 'a', '10.0.0.9', '10.0.0.1', 'InvalidParameterValue', 'properties.endIpAddress'],
    ['a malformed address', 'a', '10.0.0', '10.0.0.1', 'InvalidParameterValue', 'properties.startIpAddress'],
    ['a leading zero', 'a', '10.0.0.1', '10.0.0.01', 'InvalidParameterValue', 'properties.endIpAddress'],
    ['a number', 'a', 1, '10.0.0.1', 'InvalidRequestContent', 'properties.startIpAddress'],
    ['no end', 'a', '10.0.0.1', undefined, 'InvalidParameterValue', 'properties.endIpAddress'],
    ['a bad name', '-a', '10.0.0.1', '10.0.0.1', 'InvalidFirewallRuleName', 'firewallRuleName'],
  ])('refuse %s', async (_, name, start, end, code, target) => {
    const { status, body } = await put(await withServer(createTestCloud()), name, start, end);
    expect([status, body.error.code, body.error.target]).toEqual([400, code, target]);
  });

  it('are 500 at most', { timeout: 30_000 }, async () => {
    const cloud = await withServer(createTestCloud());
    const { database } = cloud.resources.control.world;
    const serverId = listServers(database)[0]!.id;
    const rule = { serverId, startIpAddress: '10.0.0.1', endIpAddress: '10.0.0.1' };
    transaction(database, () => {
      for (let index = 0; index < 500; index++) putFirewallRule(database, { ...rule, name: `r${index}` });
    });
    expect(codeOf(await put(cloud, 'more', '10.0.0.1', '10.0.0.1'))).toEqual([400, 'FirewallRuleLimitExceeded']);
    expect((await put(cloud, 'r7', '10.0.0.2', '10.0.0.2')).status).toBe(202);
  });
});

describe('the activity log', () => {
  const list = (cloud: TestCloud, $filter: string, more = {}) =>
    cloud.call('GET', LOG, { query: { $filter, ...more } });
  const since = () => `eventTimestamp ge ${new Date(Date.now() - 3_600_000).toISOString().slice(0, -1)}`;

  it('says who did what, and filters by it', async () => {
    const cloud = await withServer(createTestCloud());
    const guest = { ...OWNER, name: 'Guest@local' };
    await cloud.call('POST', `${TEST_SERVER}/stop`, { principal: guest });
    await cloud.settle();
    const all = (await list(cloud, since())).body.value;
    expect(
      all.map((event: { operationName: { value: string }; status: { value: string } }) => [
        event.operationName.value.split('/').slice(-2).join('/'),
        event.status.value,
      ]),
    ).toEqual([
      ['stop/action', 'Succeeded'],
      ['stop/action', 'Started'],
      ['flexibleServers/write', 'Succeeded'],
      ['flexibleServers/write', 'Started'],
      ['resourceGroups/write', 'Succeeded'],
    ]);
    expect((await list(cloud, `${since()} and caller eq 'guest@local'`)).body.value).toHaveLength(2);
    expect((await list(cloud, `${since()} and status eq 'Started'`)).body.value).toHaveLength(2);
    expect((await list(cloud, `${since()} and resourceUri eq '${TEST_SERVER.toUpperCase()}'`)).body.value).toHaveLength(
      4,
    );
    expect((await list(cloud, `${since()} and resourceGroupName eq 'none'`)).body.value).toEqual([]);
    const one = (await list(cloud, `${since()} and correlationId eq '${all[0].correlationId}'`)).body.value;
    expect(one).toHaveLength(2);
    const selected = (await list(cloud, since(), { $select: 'caller,eventTimestamp' })).body.value[0];
    expect(Object.keys(selected).sort()).toEqual(['caller', 'eventTimestamp']);
  });

  it('comes in pages', async () => {
    const cloud = createTestCloud();
    for (let index = 0; index < 130; index++) {
      await cloud.call('PUT', TEST_GROUP, { body: { location: 'eastus', tags: { index: String(index) } } });
    }
    const first = (await list(cloud, since())).body;
    expect(first.value).toHaveLength(100);
    const $skipToken = new URL(first.nextLink).searchParams.get('$skipToken')!;
    // What happens between two pages moves nothing.
    await cloud.call('PUT', TEST_GROUP, { body: { location: 'eastus', tags: {} } });
    const second = (await list(cloud, since(), { $skipToken })).body;
    expect(second.value).toHaveLength(30);
    expect(second.nextLink).toBeUndefined();
    const ids = [...first.value, ...second.value].map(({ eventDataId }: { eventDataId: string }) => eventDataId);
    expect(new Set(ids).size).toBe(130);
    const third = (await list(cloud, since(), { $top: '130' })).body;
    expect(ids).not.toContain(third.value[0].eventDataId);
    for (const bad of ['100', 'x-1', '1-', '-']) {
      expect(codeOf(await list(cloud, since(), { $skipToken: bad })), bad).toEqual([400, 'InvalidSkipToken']);
    }
  });

  it('needs a start within 90 days', async () => {
    const cloud = createTestCloud();
    for (const $filter of [
      "resourceGroupName eq 'a'",
      "eventTimestamp ge 'yesterday'",
      "eventTimestamp ge '2015-01-21T20:00:00Z'",
    ]) {
      expect(codeOf(await list(cloud, $filter)), $filter).toEqual([400, 'BadRequest']);
    }
  });
});

describe('the provider', () => {
  it('lists every permission that its routes ask for', async () => {
    const cloud = createTestCloud();
    const listed = names(await cloud.call('GET', '/providers/Microsoft.DBforMySQL/operations'));
    const asked = new Set(
      cloud.routes.map(({ action }) => action).filter((action) => action?.startsWith('Microsoft.DBforMySQL')),
    );
    expect(listed.sort()).toEqual([...asked].sort());
  });

  it('lists its types with the api-versions that are served', async () => {
    const { body } = await createTestCloud().call('GET', PROVIDER);
    const types = Object.fromEntries(
      body.resourceTypes.map((type: { resourceType: string }) => [type.resourceType, type]),
    );
    expect(Object.keys(types).sort()).toEqual([
      'checkNameAvailability',
      'flexibleServers',
      'flexibleServers/backups',
      'flexibleServers/backupsV2',
      'flexibleServers/configurations',
      'flexibleServers/databases',
      'flexibleServers/firewallRules',
      'flexibleServers/logFiles',
      'flexibleServers/maintenances',
      'flexibleServers/replicas',
      'getPrivateDnsZoneSuffix',
      'locations/azureAsyncOperation',
      'locations/capabilities',
      'locations/capabilitySets',
      'locations/checkNameAvailability',
      'locations/operationResults',
      'operations',
    ]);
    expect(types['flexibleServers'].apiVersions).toEqual(MYSQL_API_VERSIONS.toReversed());
    expect(types['flexibleServers'].locations).toContain('West Europe');
  });

  it('says whether a name is free', async () => {
    const cloud = await withServer(createTestCloud());
    const check = async (name: string) =>
      (await cloud.call('POST', `${PROVIDER}/checkNameAvailability`, { body: { name } })).body;
    expect(await check('srv2')).toEqual({ nameAvailable: true, message: '' });
    expect(await check('srv1')).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' });
    expect(await check('No!')).toMatchObject({ nameAvailable: false, reason: 'Invalid' });
  });

  it('offers sizes, the versions present, and high availability but for Burstable', async () => {
    const cloud = createTestCloud({ versions: ['9.7', '8.4', '9.7'] });
    const { body } = await cloud.call('GET', `${PROVIDER}/locations/westeurope/capabilitySets/default`);
    expect(body.properties.supportedServerVersions).toEqual([{ name: '9.7' }, { name: '8.4' }]);
    const skus = body.properties.supportedFlexibleServerEditions.flatMap(
      ({ supportedSkus }: { supportedSkus: object[] }) => supportedSkus,
    );
    expect(skus).toHaveLength(51);
    for (const sku of skus) {
      const supportedHAMode = sku.name.startsWith('Standard_B') ? [] : ['ZoneRedundant', 'SameZone'];
      expect(sku).toMatchObject({ supportedZones: ['1', '2', '3'], supportedHAMode });
    }
  });
});
