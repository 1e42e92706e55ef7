import { describe, expect, it } from 'vitest';
import { createTestCloud, newServer, TEST_GROUP, TEST_SERVER, withServer, type Call } from './conformance-world.ts';

const create = async (body: unknown, path = TEST_SERVER): Promise<Call> => {
  const cloud = createTestCloud();
  await cloud.call('PUT', TEST_GROUP, { body: { location: 'westeurope' } });
  return cloud.call('PUT', path, { body });
};

const errorOf = ({ status, body }: Call) => ({
  status,
  code: body.error.code,
  target: body.error.target,
  message: body.error.message,
});

describe('creating a server', () => {
  it('answers 202 with both polling addresses, as Azure does', async () => {
    const answer = await create(newServer());
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ operation: 'UpsertServerManagementOperationV2', startTime: expect.any(String) });
    expect(answer.headers['Retry-After']).toBe('1');
    const prefix =
      'https://localhost:8443/subscriptions/[-0-9a-f]+/providers/Microsoft.DBforMySQL/locations/westeurope';
    expect(answer.headers['Azure-AsyncOperation']).toMatch(
      new RegExp(`^${prefix}/azureAsyncOperation/[-0-9a-f]{36}\\?`),
    );
    expect(answer.headers['Location']).toMatch(new RegExp(`^${prefix}/operationResults/[-0-9a-f]{36}\\?`));
  });

  it('fills in what was not said with Azure’s defaults', async () => {
    const cloud = await withServer(createTestCloud());
    const { body } = await cloud.call('GET', TEST_SERVER, { apiVersion: '2025-12-01-preview' });
    expect(body).toMatchObject({
      sku: { name: 'Standard_B1ms', tier: 'Burstable' },
      location: 'West Europe',
      properties: {
        administratorLogin: 'myadmin',
        version: '9.7',
        fullVersion: '9.7.4',
        state: 'Ready',
        fullyQualifiedDomainName: expect.stringMatching(/^127\.83\.250\.\d+$/),
        databasePort: 3306,
        availabilityZone: '1',
        storage: { storageSizeGB: 32, iops: 396, autoGrow: 'Enabled', storageSku: 'Premium_LRS' },
        backup: { backupRetentionDays: 7, backupIntervalHours: 24, geoRedundantBackup: 'Disabled' },
        highAvailability: { mode: 'Disabled', state: 'NotEnabled', standbyAvailabilityZone: '' },
        network: { publicNetworkAccess: 'Enabled' },
        maintenanceWindow: { customWindow: 'Disabled', dayOfWeek: 0, startHour: 0, startMinute: 0 },
        lowerCaseTableNames: 1,
      },
    });
    expect(JSON.stringify(body)).not.toContain('Passw0rd');
  });

  it('never writes the password down', async () => {
    const cloud = await withServer(createTestCloud());
    const { database } = cloud.resources.control.world;
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    const all = tables.map(({ name }) => JSON.stringify(database.prepare(`SELECT * FROM ${name}`).all())).join('');
    expect(all).toContain('myadmin');
    expect(all).not.toContain('Passw0rd');
  });

  it.each<[string, object, string, string, RegExp]>([
    [
      'a reserved admin',
      { administratorLogin: 'root' },
      'BlockedUserName',
      'properties.administratorLogin',
      /reserved/,
    ],
    [
      'a weak password',
      { administratorLoginPassword: 'password' },
      'PasswordNotComplex',
      'properties.administratorLoginPassword',
      /three of/,
    ],
    [
      'a short password',
      { administratorLoginPassword: 'Ab1!' },
      'PasswordTooShort',
      'properties.administratorLoginPassword',
      /8/,
    ],
    [
      'no admin',
      { administratorLogin: undefined },
      'MissingRequiredParameter',
      'properties.administratorLogin',
      /admin name/,
    ],
    [
      'an old version',
      { version: '8.0.21' },
      'ServerVersionNotSupported',
      'properties.version',
      /^MySQL 8\.0\.21 is not offered here\. Versions on this machine: 9\.7\. Another one/,
    ],
    [
      'too little storage',
      { storage: { storageSizeGB: 19 } },
      'InvalidParameterValue',
      'properties.storage.storageSizeGB',
      /20 to 16384/,
    ],
    [
      'storage in text',
      { storage: { storageSizeGB: 'many' } },
      'InvalidRequestContent',
      'properties.storage.storageSizeGB',
      /number/,
    ],
    ['too many IOPS', { storage: { iops: 641 } }, 'InvalidParameterValue', 'properties.storage.iops', /360 to 640/],
    [
      'a long retention',
      { backup: { backupRetentionDays: 36 } },
      'InvalidParameterValue',
      'properties.backup.backupRetentionDays',
      /1 to 35/,
    ],
    ['a zone too many', { availabilityZone: '4' }, 'InvalidAvailabilityZone', 'properties.availabilityZone', /1, 2, 3/],
    [
      'an unknown word',
      { storage: { autoGrow: 'Perhaps' } },
      'InvalidParameterValue',
      'properties.storage.autoGrow',
      /Enabled, Disabled/,
    ],
    [
      'high availability of a Burstable server',
      { highAvailability: { mode: 'SameZone' } },
      'InvalidParameterValue',
      'properties.highAvailability.mode',
      /not available for Burstable/,
    ],
    [
      'a restore of nothing',
      { createMode: 'PointInTimeRestore' },
      'MissingRequiredParameter',
      'properties.sourceServerResourceId',
      /source server/,
    ],
    ['a replica', { createMode: 'Replica' }, 'FeatureNotAvailableInLocation', 'properties.createMode', /replicas/],
    [
      'the role of a replica',
      { replicationRole: 'Replica' },
      'FeatureNotAvailableInLocation',
      'properties.replicationRole',
      /replicas/,
    ],
    [
      'private access',
      { network: { delegatedSubnetResourceId: '/subscriptions/x' } },
      'FeatureNotAvailableInLocation',
      'properties.network.delegatedSubnetResourceId',
      /Private access/,
    ],
    [
      'an own key',
      { dataEncryption: { type: 'AzureKeyVault' } },
      'FeatureNotAvailableInLocation',
      'properties.dataEncryption',
      /key/,
    ],
    [
      'a maintenance window',
      { maintenanceWindow: { customWindow: 'Enabled', dayOfWeek: 1 } },
      'InvalidParameterValue',
      'properties.maintenanceWindow',
      /update of its own/,
    ],
  ])('refuses %s', async (_, properties, code, target, message) => {
    const error = errorOf(await create(newServer(properties)));
    expect(error).toEqual({ status: 400, code, target, message: expect.stringMatching(message) });
  });

  it.each<[string, object, string, string]>([
    ['an unknown size', { sku: { name: 'Standard_X1', tier: 'Burstable' } }, 'InvalidSku', 'sku.name'],
    [
      'a size of another tier',
      { sku: { name: 'Standard_B1ms', tier: 'GeneralPurpose' } },
      'InvalidSkuTier',
      'sku.tier',
    ],
    ['an unknown location', { location: 'atlantis' }, 'LocationNotAvailableForResourceType', 'location'],
    ['no location', { location: undefined }, 'LocationRequired', 'location'],
    ['a location that is null', { location: null }, 'LocationRequired', 'location'],
    ['an unknown member', { colour: 'blue' }, 'InvalidRequestContent', 'colour'],
    ['tags that are no strings', { tags: { a: 1 } }, 'InvalidRequestContent', 'tags.a'],
  ])('refuses %s', async (_, change, code, target) => {
    expect(errorOf(await create({ ...newServer(), ...change }))).toMatchObject({ status: 400, code, target });
  });

  it('says of an unknown member what ARM says', async () => {
    const { message } = errorOf(await create({ ...newServer(), colour: 'blue' }));
    expect(message).toBe(
      "The request content was invalid and could not be deserialized: 'Could not find member 'colour' on object of type 'ResourceDefinition'. Path 'colour'.'",
    );
  });

  it('lists every fault of a body, the first as its target', async () => {
    const { body } = await create({ ...newServer({ storage: { storageSizeGB: 'a', iops: 'b' } }), extra: 1 });
    expect(body.error.details.map(({ target }: { target: string }) => target)).toEqual([
      'properties.storage.storageSizeGB',
      'properties.storage.iops',
      'extra',
    ]);
  });

  it('refuses invalid names and such as are taken, in any group', async () => {
    const bad = await create(newServer(), TEST_SERVER.replace('srv1', 'Srv_1'));
    expect(errorOf(bad)).toMatchObject({ status: 400, code: 'InvalidServerName' });

    const cloud = await withServer(createTestCloud());
    const other = TEST_GROUP.replace('rg1', 'rg2');
    await cloud.call('PUT', other, { body: { location: 'westeurope' } });
    const taken = await cloud.call('PUT', TEST_SERVER.replace('/rg1/', '/rg2/'), { body: newServer() });
    expect(errorOf(taken)).toMatchObject({ status: 409, code: 'ServerNameAlreadyExists' });
  });

  it('lets one of two writers at once in', async () => {
    const cloud = createTestCloud();
    await cloud.call('PUT', TEST_GROUP, { body: { location: 'westeurope' } });
    const answers = await Promise.all([1, 2].map(() => cloud.call('PUT', TEST_SERVER, { body: newServer() })));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
  });

  it('needs its group', async () => {
    const answer = await createTestCloud().call('PUT', TEST_SERVER, { body: newServer() });
    expect(errorOf(answer)).toEqual({
      status: 404,
      code: 'ResourceGroupNotFound',
      target: undefined,
      message: "Resource group 'rg1' could not be found.",
    });
  });
});

describe('changing a server', () => {
  const change = async (properties: object, apiVersion = '2024-12-30') => {
    const cloud = await withServer(createTestCloud());
    return { cloud, answer: await cloud.call('PATCH', TEST_SERVER, { body: { properties }, apiVersion }) };
  };

  it('keeps what was not said', async () => {
    const { cloud, answer } = await change({ backup: { backupRetentionDays: 14 } });
    expect(answer.status).toBe(202);
    await cloud.settle();
    const { body } = await cloud.call('GET', TEST_SERVER);
    expect(body).toMatchObject({
      tags: { purpose: 'test' },
      properties: {
        backup: { backupRetentionDays: 14 },
        storage: { storageSizeGB: 32 },
        administratorLogin: 'myadmin',
      },
    });
    expect(body.systemData).toMatchObject({ createdBy: 'owner@local', lastModifiedBy: 'owner@local' });
  });

  it.each<[string, object, string]>([
    ['shrinking storage', { storage: { storageSizeGB: 20 } }, 'StorageSizeCannotBeReduced'],
    ['a weak password', { administratorLoginPassword: 'short' }, 'PasswordTooShort'],
    ['an older version', { version: '8.4' }, 'PropertyChangeNotAllowed'],
    ['a version that is not here', { version: '10.0' }, 'ServerVersionNotSupported'],
    [
      'a maintenance window beside other things',
      { maintenanceWindow: { customWindow: 'Enabled', dayOfWeek: 3 }, backup: { backupRetentionDays: 9 } },
      'InvalidParameterValue',
    ],
  ])('refuses %s', async (_, properties, code) => {
    expect(errorOf((await change(properties)).answer)).toMatchObject({ status: 400, code });
  });

  it('takes a maintenance window alone', async () => {
    const { cloud, answer } = await change({
      maintenanceWindow: { customWindow: 'Enabled', dayOfWeek: 3, startHour: 4, startMinute: 30 },
    });
    expect(answer.status).toBe(202);
    await cloud.settle();
    const { body } = await cloud.call('GET', TEST_SERVER, { apiVersion: '2021-05-01' });
    expect(body.properties.maintenanceWindow).toEqual({
      customWindow: 'Enabled',
      dayOfWeek: 3,
      startHour: 4,
      startMinute: 30,
    });
  });

  it('takes back what it answered, and changes nothing by it', async () => {
    const cloud = await withServer(createTestCloud());
    const { body: before } = await cloud.call('GET', TEST_SERVER);
    expect((await cloud.call('PUT', TEST_SERVER, { body: before })).status).toBe(202);
    await cloud.settle();
    const { body: after } = await cloud.call('GET', TEST_SERVER);
    expect({ ...after, systemData: 0 }).toEqual({ ...before, systemData: 0 });
  });

  it('leaves what an older version cannot name as it is', async () => {
    const cloud = await withServer(createTestCloud());
    await cloud.call('PATCH', TEST_SERVER, { body: { properties: { network: { publicNetworkAccess: 'Disabled' } } } });
    await cloud.settle();
    const body = newServer({ network: { publicNetworkAccess: 'Enabled' }, storage: { storageSizeGB: 64 } });
    expect((await cloud.call('PUT', TEST_SERVER, { body, apiVersion: '2021-05-01' })).status).toBe(202);
    await cloud.settle();
    const { properties } = (await cloud.call('GET', TEST_SERVER)).body;
    expect(properties.network.publicNetworkAccess).toBe('Disabled');
    expect(properties.storage).toMatchObject({ storageSizeGB: 64, iops: 492 });
  });

  it.each<[string, object, number, string]>([
    ['the admin', newServer({ administratorLogin: 'other' }), 400, 'properties.administratorLogin'],
    ['the location', { ...newServer(), location: 'northeurope' }, 409, 'location'],
    ['the zone', newServer({ availabilityZone: '3' }), 400, 'properties.availabilityZone'],
    ['the port', newServer({ databasePort: 25001 }), 400, 'properties.databasePort'],
  ])('refuses to change %s', async (_, body, status, target) => {
    const cloud = await withServer(createTestCloud());
    const answer = await cloud.call('PUT', TEST_SERVER, { body });
    expect(errorOf(answer)).toMatchObject({ status, target });
  });

  it('stays where it is, in ARM’s words', async () => {
    const cloud = await withServer(createTestCloud());
    for (const method of ['PUT', 'PATCH']) {
      const body = method === 'PUT' ? { ...newServer(), location: 'northeurope' } : { location: 'northeurope' };
      expect(errorOf(await cloud.call(method, TEST_SERVER, { body }))).toMatchObject({
        status: 409,
        code: 'InvalidResourceLocation',
        message:
          "The resource 'srv1' already exists in location 'westeurope' in resource group 'rg1'. A resource with the same name cannot be created in location 'northeurope'. Please select a new resource name.",
      });
    }
  });

  it('takes back in a PATCH what a GET answered with, and keeps what is not said', async () => {
    const cloud = await withServer(createTestCloud());
    const { body: before } = await cloud.call('GET', TEST_SERVER);
    const { tags: _, ...body } = before;
    expect((await cloud.call('PATCH', TEST_SERVER, { body })).status).toBe(202);
    await cloud.settle();
    const { body: after } = await cloud.call('GET', TEST_SERVER);
    expect({ ...after, systemData: undefined }).toEqual({ ...before, systemData: undefined });
  });

  it('goes by If-Match and If-None-Match', async () => {
    const cloud = await withServer(createTestCloud());
    const { headers } = await cloud.call('GET', TEST_SERVER);
    const put = (conditions: { ifMatch?: string; ifNoneMatch?: string }) =>
      cloud.call('PUT', TEST_SERVER, { body: newServer(), headers: conditions });
    expect((await put({ ifNoneMatch: '*' })).status).toBe(412);
    expect((await put({ ifMatch: '"0"' })).status).toBe(412);
    expect((await put({ ifMatch: headers['ETag']! })).status).toBe(202);
    await cloud.settle();
    expect((await put({ ifMatch: headers['ETag']! })).status).toBe(412);
  });
});

describe('a server’s life', () => {
  it('stops, refuses what needs it running, and starts', async () => {
    const cloud = await withServer(createTestCloud());
    expect((await cloud.call('POST', `${TEST_SERVER}/start`)).status).toBe(409);
    expect((await cloud.call('POST', `${TEST_SERVER}/stop`)).status).toBe(202);
    await cloud.settle();
    expect((await cloud.call('GET', TEST_SERVER)).body.properties.state).toBe('Stopped');
    for (const [method, path, body] of [
      ['POST', '/restart', {}],
      ['PATCH', '', { tags: {} }],
      ['PUT', '/firewallRules/a', { properties: { startIpAddress: '1.1.1.1', endIpAddress: '1.1.1.1' } }],
      ['PUT', '/databases/a', { properties: {} }],
    ] as const) {
      const answer = await cloud.call(method, `${TEST_SERVER}${path}`, { body });
      expect(errorOf(answer), `${method} ${path}`).toMatchObject({
        status: 409,
        message: expect.stringMatching(/Start it first/),
      });
    }
    expect((await cloud.call('POST', `${TEST_SERVER}/start`)).status).toBe(202);
    await cloud.settle();
    expect((await cloud.call('GET', TEST_SERVER)).body.properties.state).toBe('Ready');
  });

  it('is deleted once, and its name is free again', async () => {
    const cloud = await withServer(createTestCloud());
    expect((await cloud.call('DELETE', TEST_SERVER)).status).toBe(202);
    await cloud.settle();
    expect((await cloud.call('DELETE', TEST_SERVER)).status).toBe(204);
    expect(errorOf(await cloud.call('GET', TEST_SERVER))).toEqual({
      status: 404,
      code: 'ResourceNotFound',
      target: undefined,
      message:
        "The Resource 'Microsoft.DBforMySQL/flexibleServers/srv1' under resource group 'rg1' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
    });
    expect((await cloud.call('PUT', TEST_SERVER, { body: newServer() })).status).toBe(202);
  });

  it('is listed in pages', async () => {
    const cloud = createTestCloud();
    await cloud.call('PUT', TEST_GROUP, { body: { location: 'westeurope' } });
    for (let index = 0; index < 105; index++) {
      await cloud.call('PUT', TEST_SERVER.replace('srv1', `srv-${index}`), { body: newServer() });
    }
    const list = TEST_SERVER.slice(0, TEST_SERVER.lastIndexOf('/'));
    const first = (await cloud.call('GET', list)).body;
    expect(first.value).toHaveLength(100);
    const link = new URL(first.nextLink);
    const second = (
      await cloud.call('GET', link.pathname, { query: { $skipToken: link.searchParams.get('$skipToken')! } })
    ).body;
    expect(second.value).toHaveLength(5);
    expect(second.nextLink).toBeUndefined();
    expect(new Set([...first.value, ...second.value].map(({ id }) => id)).size).toBe(105);
  });
});
