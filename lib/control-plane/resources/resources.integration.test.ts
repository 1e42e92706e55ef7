import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { destroyHome, makeHome, startDaemon, type ArmAnswer, type TestDaemon } from '../testing/daemon.ts';
import { sdkClient } from '../testing/sdk-client.ts';
import { OpenApiFiles, SPEC_IS_THERE } from './conformance-openapi.ts';
import { newServer } from './conformance-world.ts';

const home = makeHome();
let daemon: TestDaemon;
let group: string;
let server: string;

beforeAll(async () => {
  daemon = await startDaemon({ home });
  group = `/subscriptions/${daemon.ready.subscriptionId}/resourceGroups/Resources`;
  server = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/resources1`;
  expect((await resources('PUT', group, { location: 'westeurope' })).status).toBe(201);
  await succeed(await daemon.arm('PUT', server, newServer()));
});

afterAll(() => destroyHome(home));

/** Of ARM's own providers. */
const resources = (method: string, path: string, body?: unknown): Promise<ArmAnswer> =>
  daemon.arm(method, `${path}?api-version=2021-04-01`, body);

async function succeed(answer: ArmAnswer): Promise<void> {
  expect(await daemon.ended(answer)).toMatchObject({ status: 'Succeeded' });
}

function expectConforming(operationId: string, answer: ArmAnswer): void {
  if (!SPEC_IS_THERE) return;
  const files = new OpenApiFiles('mysql/resource-manager/Microsoft.DBforMySQL');
  expect(files.check(files.operation('2023-12-30', operationId)!, answer.status, answer.body).faults).toEqual([]);
}

describe('resources of a real server', () => {
  it('creates, lists and drops databases', async () => {
    const path = `${server}/databases/Shop`;
    await succeed(await daemon.arm('PUT', path, { properties: { charset: 'utf8', collation: 'utf8_general_ci' } }));
    const one = await daemon.arm('GET', path);
    expect(one.body).toMatchObject({
      name: 'shop',
      properties: { charset: 'utf8mb3', collation: 'utf8mb3_general_ci' },
    });
    expectConforming('Databases_Get', one);
    const list = await daemon.arm('GET', `${server}/databases`);
    expect(list.body.value.map(({ name }: { name: string }) => name)).toContain('shop');

    const wrong = await daemon.ended(
      await daemon.arm('PUT', `${server}/databases/other`, { properties: { charset: 'klingon' } }),
    );
    expect(wrong).toMatchObject({
      status: 'Failed',
      error: { code: 'InvalidParameterValue', target: 'properties.charset' },
    });

    await succeed(await daemon.arm('DELETE', path));
    expect((await daemon.arm('GET', path)).status).toBe(404);
    expect((await daemon.arm('DELETE', path)).status).toBe(204);
  });

  it('shows parameters, sets them at once or at the next start, and resets them', async () => {
    const all = await daemon.arm('GET', `${server}/configurations`);
    expect(all.body.value.length).toBeGreaterThan(300);
    expectConforming('Configurations_ListByServer', all);
    const read = async (name: string) => (await daemon.arm('GET', `${server}/configurations/${name}`)).body.properties;

    const dynamic = await read('long_query_time');
    expect(dynamic).toMatchObject({ isDynamicConfig: 'True', isReadOnly: 'False', source: 'system-default' });
    const fixed = await read('innodb_log_buffer_size');
    await succeed(
      await daemon.arm('POST', `${server}/updateConfigurations`, {
        value: [
          { name: 'long_query_time', properties: { value: '3', source: 'user-override' } },
          { name: 'innodb_ft_min_token_size', properties: { value: '4', source: 'user-override' } },
        ],
      }),
    );
    expect(Number((await read('long_query_time')).currentValue)).toBe(3);
    expect(await read('innodb_ft_min_token_size')).toMatchObject({
      value: '4',
      currentValue: '3',
      isConfigPendingRestart: 'True',
      source: 'user-override',
    });
    await succeed(await daemon.arm('POST', `${server}/restart`));
    expect(await read('innodb_ft_min_token_size')).toMatchObject({
      currentValue: '4',
      isConfigPendingRestart: 'False',
    });
    expect(await read('innodb_log_buffer_size')).toEqual(fixed);

    await succeed(
      await daemon.arm('PATCH', `${server}/configurations/long_query_time`, {
        properties: { source: 'system-default' },
      }),
    );
    const reset = await read('long_query_time');
    expect(Number(reset.value)).toBe(Number(dynamic.value));
    expect(reset.source).toBe('system-default');

    const refused = await daemon.arm('PATCH', `${server}/configurations/long_query_time`, {
      properties: { value: 'soon' },
    });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { code: 'InvalidParameterValue', target: 'properties.value' } },
    });
    const readOnly = await daemon.arm('PATCH', `${server}/configurations/version`, { properties: { value: '1' } });
    expect(readOnly.body.error.code).toBe('ConfigurationReadOnly');
  });

  it('tells what became of an operation at its Location', async () => {
    const rule = { properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' } };
    const answer = await daemon.arm('PUT', `${server}/firewallRules/here`, rule);
    await succeed(answer);
    const { pathname, search } = new URL(answer.headers['location'] as string);
    expect((await daemon.arm('GET', pathname + search)).body).toMatchObject({ name: 'here', ...rule });
    expect((await daemon.arm('GET', `${pathname.replace(/[^/]+$/, crypto.randomUUID())}`)).status).toBe(404);
  });

  it('lets the reader see all of it and change nothing', async () => {
    for (const path of ['', '/databases', '/firewallRules', '/configurations']) {
      expect((await daemon.arm('GET', server + path, undefined, { account: 'reader' })).status, path).toBe(200);
    }
    const refused = await daemon.arm('DELETE', server, undefined, { account: 'reader' });
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'AuthorizationFailed' } } });
  });

  it('writes down who did what', async () => {
    const filter = encodeURIComponent(
      `eventTimestamp ge '${new Date(Date.now() - 3_600_000).toISOString()}' and resourceUri eq '${server}' and caller eq 'owner@local'`,
    );
    const path = `/subscriptions/${daemon.ready.subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values`;
    const { body } = await daemon.arm('GET', `${path}?api-version=2015-04-01&$filter=${filter}`);
    const created = body.value.filter(
      (event: { operationName: { value: string } }) =>
        event.operationName.value === 'Microsoft.DBforMySQL/flexibleServers/write',
    );
    expect(created.map((event: { status: { value: string } }) => event.status.value)).toEqual(['Succeeded', 'Started']);
    expect(JSON.stringify(body)).not.toContain('Passw0rd');
  });

  describe('through Azure’s JavaScript SDK', () => {
    const name = 'resources2';
    const listed = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
      const all: T[] = [];
      for await (const item of items) all.push(item);
      return all;
    };

    it('lives its whole life', async () => {
      const { servers, firewallRules, databases, configurations, ...azure } = sdkClient(daemon);
      const { nameAvailable } = await azure.checkNameAvailability.execute('westeurope', { name });
      expect(nameAvailable).toBe(true);
      const begun = await servers.beginCreate('Resources', name, {
        location: 'westeurope',
        sku: { name: 'Standard_B1ms', tier: 'Burstable' },
        administratorLogin: 'boss',
        administratorLoginPassword: 'Correct-horse-1',
      });
      // As a process does that was not there when it began.
      const parameters = { location: 'westeurope' };
      const resumed = await sdkClient(daemon).servers.beginCreate('Resources', name, parameters, {
        resumeFrom: begun.toString(),
      });
      expect(await resumed.pollUntilDone()).toMatchObject({ name, state: 'Ready', administratorLogin: 'boss' });

      const here = { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' };
      const words = { charset: 'utf8mb4', collation: 'utf8mb4_bin' };
      const oldest = sdkClient(daemon, { 'api-version': '2021-05-01' });
      const tags = { a: 'b' };
      expect(await oldest.servers.beginUpdateAndWait('Resources', name, { tags })).toMatchObject({ tags });
      const [rule, database] = await Promise.all([
        firewallRules.beginCreateOrUpdateAndWait('Resources', name, 'here', here),
        databases.beginCreateOrUpdateAndWait('Resources', name, 'shop', words),
      ]);
      expect({ rule, database }).toMatchObject({
        rule: { name: 'here', ...here },
        database: { name: 'shop', ...words },
      });
      const parameter = { value: '4', source: 'user-override' };
      expect(await configurations.beginUpdateAndWait('Resources', name, 'long_query_time', parameter)).toMatchObject(
        parameter,
      );
      await azure.longRunningBackup.beginCreateAndWait('Resources', name, 'mine');
      expect(await azure.longRunningBackups.get('Resources', name, 'mine')).toMatchObject({
        provisioningState: 'Succeeded',
      });
      await servers.beginDeleteAndWait('Resources', name);
      await expect(servers.get('Resources', name)).rejects.toMatchObject({ code: 'ResourceNotFound', statusCode: 404 });
    });

    it('follows lists to their ends', async () => {
      const rules = ['a', 'b', 'c'];
      for (const name of rules) {
        const range = { startIpAddress: '127.0.0.2', endIpAddress: '127.0.0.2' };
        await succeed(await daemon.arm('PUT', `${server}/firewallRules/${name}`, { properties: range }));
      }
      const { firewallRules } = sdkClient(daemon, { $top: '1' });
      const found = await listed(firewallRules.listByServer('Resources', 'resources1'));
      expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(rules));
      expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
    });

    it.each(['2021-05-01', '2021-12-01-preview', '2022-01-01', '2023-06-30', '2023-12-30', '2024-10-01-preview'])(
      'speaks %s',
      async (version) => {
        const { servers, ...azure } = sdkClient(daemon, { 'api-version': version });
        const [one] = await listed(servers.listByResourceGroup('Resources'));
        expect(one).toMatchObject({ name: 'resources1', state: 'Ready', storage: { storageSizeGB: 32 } });
        expect(await listed(azure.locationBasedCapabilities.list('westeurope'))).toHaveLength(4);
        expect((await listed(azure.operations.list())).map(({ name }) => name)).toContain(`${one!.type}/read`);
      },
    );
  });

  it('deletes a group with everything in it', async () => {
    const answer = await resources('DELETE', group);
    expect(answer.status).toBe(202);
    const { pathname } = new URL(answer.headers['location'] as string);
    await expect
      .poll(async () => (await resources('GET', pathname)).status, { timeout: 30_000, interval: 200 })
      .toBe(200);
    expect((await resources('GET', group)).status).toBe(404);
    expect((await daemon.arm('GET', server)).status).toBe(404);
  });
});
