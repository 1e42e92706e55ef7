import { describe, expect, it } from 'vitest';
import { OpenApiFiles, SPEC_IS_THERE, type Example } from './conformance-openapi.ts';
import { insertMaintenance } from '../store/maintenances.ts';
import { findServerByName } from '../store/servers.ts';
import { configuration, createTestCloud, newServer, type TestCloud } from './conformance-world.ts';

const VERSIONS = ['2021-05-01', '2021-12-01-preview', '2023-12-30', '2024-10-01-preview'];

/** Examples that are refused, with the code and why. All others must be accepted. */
const REFUSED: Record<string, { code: string; why: string }> = {
  ServerCreate: {
    code: 'InvalidParameterValue|FeatureNotAvailableInLocation',
    why: 'asks for high availability without storage that grows by itself, which Azure’s documents demand, or for zone-redundant storage',
  },
  ServerFailover: { code: 'HighAvailabilityNotHealthy', why: 'the server has no standby' },
  ServerCreateReplica: { code: 'FeatureNotAvailableInLocation', why: 'asks for a replica' },
  ServerCreateWithBYOK: {
    code: 'FeatureNotAvailableInLocation',
    why: 'asks for a key of one’s own',
  },
  ServerCreateWithPointInTimeRestore: { code: 'InvalidSku', why: 'names a size of Azure’s past: Standard_D14_v2' },
  ServerCreateWithDatabasePort: {
    code: 'FeatureNotAvailableInLocation',
    why: 'asks for a port of one’s choice',
  },
  ServerUpdate: {
    code: 'InvalidParameterValue',
    why: 'IOPS of 200 are below the 360 that Azure’s documents name as the least',
  },
  ServerUpdateWithBYOK: { code: 'FeatureNotAvailableInLocation', why: 'asks for a key of one’s own' },
  BackupAndExport: { code: 'FeatureNotAvailableInLocation', why: 'asks for a copy in a storage account' },
  ValidateBackup: { code: 'FeatureNotAvailableInLocation', why: 'belongs to the export' },
  ServerRestart: { code: 'HighAvailabilityNotHealthy', why: 'asks for a failover of a server without a standby' },
};

/** What an operation needs to be there first: the server of the example, in the state for it. */
async function prepare(
  cloud: TestCloud,
  { parameters, operationId, body: asked }: Example,
  server: string,
): Promise<void> {
  const group = server.slice(0, server.indexOf('/providers/'));
  await cloud.call('PUT', group, { body: { location: 'southeastasia' } });
  const { properties, location } = (asked ?? {}) as { location?: string; properties?: Record<string, unknown> };
  const source = properties?.['createMode'] === 'PointInTimeRestore' && String(properties['sourceServerResourceId']);
  if (source) {
    await cloud.call('PUT', source.slice(0, source.indexOf('/providers/')), { body: { location } });
    await cloud.call('PUT', source, { body: { ...newServer({}), location } });
    await cloud.settle();
  }
  if (operationId === 'Servers_Create') return;
  const body = { ...newServer({ version: '5.7', storage: { storageSizeGB: 20 } }), location: 'southeastasia' };
  const sku = { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' };
  const isHighAvailability = operationId === 'Servers_ValidateEstimateHighAvailability';
  await cloud.call('PUT', server, { body: { ...body, ...(isHighAvailability && { sku }) } });
  await cloud.settle();
  if (operationId === 'Servers_Start') await cloud.call('POST', `${server}/stop`);
  const database = parameters['databaseName'];
  if (database && operationId !== 'Databases_CreateOrUpdate') {
    await cloud.call('PUT', `${server}/databases/${database}`, { body: { properties: {} } });
  }
  const backup = parameters['backupName'];
  if (backup && operationId.endsWith('_Get')) {
    await cloud.call('PUT', `${server}/backupsV2/${backup}`);
    await cloud.settle();
  }
  const maintenance = parameters['maintenanceName'];
  if (maintenance) {
    const { database } = cloud.resources.control.world;
    insertMaintenance(database, {
      name: String(maintenance),
      serverId: findServerByName(database, String(parameters['serverName']))!.id,
      toRuntime: 'newer',
      fromVersion: '5.7.1',
      toVersion: '5.7.2',
      announcedAt: Date.parse('2024-01-05T01:23:45Z'),
      startAt: Date.parse('2024-01-15T05:00:00Z'),
      latestAt: Date.parse('2024-01-31T00:00:00Z'),
    });
  }
  const rule = parameters['firewallRuleName'];
  if (rule && operationId !== 'FirewallRules_CreateOrUpdate') {
    const range = { startIpAddress: '0.0.0.0', endIpAddress: '0.0.0.0' };
    await cloud.call('PUT', `${server}/firewallRules/${rule}`, { body: { properties: range } });
  }
  await cloud.settle();
}

describe.skipIf(!SPEC_IS_THERE)(
  'Azure’s official examples (skipped when the files are not beside the repository)',
  () => {
    const files = new Map<string, OpenApiFiles>();
    const spec = () => {
      const found = files.get('mysql') ?? new OpenApiFiles('mysql/resource-manager/Microsoft.DBforMySQL');
      files.set('mysql', found);
      return found;
    };
    let ran = 0;

    it.each(VERSIONS)('%s', async (apiVersion) => {
      const own = createTestCloud().routes.filter((route) => route.path.includes('Microsoft.DBforMySQL'));
      const examples = own.flatMap(({ operationId }) => spec().examples(apiVersion, operationId));
      expect(examples.length).toBeGreaterThan(15);
      for (const example of examples) {
        if (example.operationId === 'OperationResults_Get') continue; // of an operation that nobody began here
        const subscriptionId = String(example.parameters['subscriptionId'] ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff');
        const cloud = createTestCloud({ versions: ['9.7', '5.7'], subscriptionId, configurations: parameters });
        const path = example.path.replace(/\{(\w+)\}/g, (_, name) => String(example.parameters[name]));
        const server = /^.*\/flexibleServers\/[^/]+/i.exec(path)?.[0];
        if (server) await prepare(cloud, example, server);
        else
          await cloud.call(
            'PUT',
            `/subscriptions/${subscriptionId}/resourceGroups/${example.parameters['resourceGroupName'] ?? 'testrg'}`,
            { body: { location: 'westus' } },
          );

        // A placeholder stands where a password would.
        const body = JSON.parse(
          JSON.stringify(example.body ?? null)
            .replace('your_password', 'Your_Passw0rd')
            .replace('newpassword', 'New_Passw0rd'),
        );
        const answer = await cloud.call(example.method, path, { apiVersion, ...(body !== null && { body }) });
        const refusal = REFUSED[example.name];
        const place = `${apiVersion} ${example.name}: ${JSON.stringify(answer.body)?.slice(0, 300)}`;
        if (refusal) expect(answer.body.error?.code, place).toMatch(new RegExp(`^(${refusal.code})$`));
        else expect([200, 202], place).toContain(answer.status);
        ran += 1;
        await cloud.settle();
      }
    });

    it('ran them', () => {
      console.info(`${ran} official examples run`);
      expect(ran).toBeGreaterThan(80);
    });
  },
);

const parameters = ['event_scheduler', 'div_precision_increment', 'innodb_thread_concurrency', 'log_bin'].map((name) =>
  configuration(name, 'OFF', 'String', ''),
);
