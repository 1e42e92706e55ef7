import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RowDataPacket } from 'mysql2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serverKeyOf } from '../../arm/resource-id.ts';
import {
  actionGroupId,
  alertRuleId,
  describeDelete,
  describePutActionGroup,
  describePutAlertRule,
  type AlertChange,
} from '../../rules/alert-changes.ts';
import { emptyAlertForm, propertiesOf } from '../../rules/alert-form.ts';
import { withReceivers } from '../../rules/alert-receivers.ts';
import { destroyHome, makeHome, startDaemon, type TestDaemon } from '../testing/daemon.ts';
import { connectTo } from '../testing/writers.ts';

const SECONDS = 1000;
const PASSWORD = 'Correct-horse-1';
const GROUP = ['--resource-group', 'shop'];
const SERVER = [...GROUP, '--name', 'orders'];
const OF_SERVER = [...GROUP, '--server-name', 'orders'];

/**
 * The Azure CLI itself, as Debian has it (`apt-get install azure-cli`), and not its requests: for a command, since each
 * call of it takes a second and not everybody has it.
 */
describe.skipIf(process.env.FLEXDECK_AZURE_CLI !== '1')('the Azure CLI', { timeout: 180 * SECONDS }, () => {
  let home: string;
  let configuration: string;
  let daemon: TestDaemon;
  let principal: Record<'tenantId' | 'clientId' | 'clientSecret' | 'adfsAuthorityHost', string>;
  const target = { user: 'boss', password: PASSWORD, host: '', port: 0 };

  async function start(program: string, ...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(program, args, {
      env: {
        ...process.env,
        AZURE_CONFIG_DIR: configuration,
        AZURE_CORE_COLLECT_TELEMETRY: 'false',
        AZURE_CORE_ONLY_SHOW_ERRORS: 'true',
        REQUESTS_CA_BUNDLE: join(home, 'ca.pem'),
      },
    });
    return stdout;
  }
  const run = (...args: string[]) => start('az', ...args, '--only-show-errors');
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  const az = async (...args: string[]): Promise<any> => {
    const said = await run(...args, '--output', 'json');
    return said.trim() === '' ? undefined : JSON.parse(said);
  };
  const mysql = (...args: string[]) => az('mysql', 'flexible-server', ...args);

  beforeAll(async () => {
    home = makeHome();
    configuration = mkdtempSync(join(tmpdir(), 'fd-az-'));
    daemon = await startDaemon({ home });
    principal = JSON.parse(readFileSync(join(home, 'service-principal.json'), 'utf8'));
    const arm = daemon.ready.resourceManagerEndpoint;
    const endpoints = {
      'resource-manager': arm,
      'active-directory': principal.adfsAuthorityHost,
      'active-directory-resource-id': 'https://management.azure.com',
      'active-directory-graph-resource-id': arm,
      management: arm,
    };
    const named = Object.entries(endpoints).flatMap(([name, value]) => [`--endpoint-${name}`, value]);
    await run('cloud', 'register', '--name', 'Flexdeck', ...named);
    await run('cloud', 'set', '--name', 'Flexdeck');
    const { clientId, clientSecret, tenantId } = principal;
    await az('login', '--service-principal', '-u', clientId, '-p', clientSecret, '--tenant', tenantId);
    await az('group', 'create', '--name', 'shop', '--location', 'westeurope');
  }, 180 * SECONDS);

  afterAll(async () => {
    await destroyHome(home);
    rmSync(configuration, { recursive: true, force: true });
  });

  test('creates a server that a client can use', async () => {
    const size = ['--tier', 'GeneralPurpose', '--sku-name', 'Standard_D2ds_v4', '--storage-size', '32'];
    const admin = ['--admin-user', 'boss', '--admin-password', PASSWORD];
    const access = ['--public-access', '127.0.0.1', '--database-name', 'store', '--yes'];
    await mysql('create', ...SERVER, '--location', 'westeurope', '--version', '9.7', ...size, ...admin, ...access);
    const shown = await mysql('show', ...SERVER);
    expect(shown).toMatchObject({ state: 'Ready', version: '9.7', sku: { name: 'Standard_D2ds_v4' } });
    const { body } = await daemon.arm('GET', shown.id);
    target.host = shown.fullyQualifiedDomainName;
    target.port = body.properties.databasePort ?? 3306;
    const client = await connectTo(target);
    await client.query('CREATE TABLE store.orders (id INT PRIMARY KEY)');
    await client.query('INSERT INTO store.orders VALUES (1), (2)');
    await client.end();
    expect(await mysql('db', 'list', ...OF_SERVER)).toContainEqual(expect.objectContaining({ name: 'store' }));
  });

  test('lets addresses in and shuts them out', async () => {
    const rule = ['firewall-rule', 'delete', ...SERVER, '--yes', '--rule-name'];
    const [{ name }] = await mysql('firewall-rule', 'list', ...SERVER);
    await mysql(...rule, name);
    await expect(connectTo(target)).rejects.toThrow(/is not allowed to connect to this MySQL server/);
    const range = ['--start-ip-address', '127.0.0.1', '--end-ip-address', '127.0.0.1'];
    await mysql('firewall-rule', 'create', ...SERVER, '--rule-name', 'here', ...range);
    await (await connectTo(target)).end();
  });

  test('sets a parameter, scales, stops and starts', async () => {
    await mysql('parameter', 'set', ...OF_SERVER, '--name', 'long_query_time', '--value', '3');
    await mysql('update', ...SERVER, '--sku-name', 'Standard_D4ds_v4', '--tags', 'team=a');
    await mysql('stop', ...SERVER);
    expect(await mysql('show', ...SERVER)).toMatchObject({ state: 'Stopped', tags: { team: 'a' } });
    await expect(connectTo(target)).rejects.toThrow();
    await mysql('start', ...SERVER);
    const client = await connectTo(target);
    const [[row]] = await client.query<RowDataPacket[]>(
      'SELECT @@GLOBAL.long_query_time AS seconds, COUNT(*) AS orders FROM store.orders',
    );
    await client.end();
    expect({ seconds: Number(row!.seconds), orders: row!.orders }).toEqual({ seconds: 3, orders: 2 });
  });

  test('backs up, and restores to a moment', async () => {
    await mysql('backup', 'create', ...SERVER, '--backup-name', 'before');
    const client = await connectTo(target);
    const [[row]] = await client.query<RowDataPacket[]>(`SELECT DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%TZ') AS now`);
    // The CLI takes whole seconds: what was written until this one began is in it, and nothing after it.
    await client.query('DO SLEEP(1)');
    await client.query('DROP TABLE store.orders');
    await client.end();
    const name = ['--name', 'again', '--source-server', 'orders'];
    await mysql('restore', ...GROUP, ...name, '--restore-time', row!.now);
    const restored = await mysql('show', ...GROUP, '--name', 'again');
    const range = ['--start-ip-address', '127.0.0.1', '--end-ip-address', '127.0.0.1'];
    await mysql('firewall-rule', 'create', ...GROUP, '--name', 'again', '--rule-name', 'here', ...range);
    const { body } = await daemon.arm('GET', restored.id);
    const port = body.properties.databasePort ?? 3306;
    const reader = await connectTo({ ...target, host: restored.fullyQualifiedDomainName, port });
    const [rows] = await reader.query('SELECT id FROM store.orders ORDER BY id');
    await reader.end();
    expect(rows).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test('takes the commands that the review of alerts shows', async () => {
    const { id } = await mysql('show', ...SERVER);
    const key = serverKeyOf(id)!;
    const paste = ({ azCommand }: AlertChange) => {
      expect(azCommand).toMatch(/^az monitor /);
      return start('sh', '-c', azCommand);
    };
    const shown = async (path: string) => (await daemon.arm('GET', path)).body;
    const group = actionGroupId(key, "the people's");
    const groupUrl = `${group}?api-version=2023-01-01`;
    const hook = (port: number) => ({ kind: 'webhook', address: `http://127.0.0.1:${port}/a?b=1&c=2` }) as const;
    const receivers = withReceivers("the people's", [hook(9), hook(10)], undefined);
    await paste(describePutActionGroup(group, receivers, undefined));
    const made = await shown(groupUrl);
    expect(made.properties.webhookReceivers).toMatchObject(receivers.webhookReceivers!);
    const fewer = withReceivers("the people's", [hook(10), hook(11)], made.properties);
    await paste(describePutActionGroup(group, fewer, made));
    expect((await shown(groupUrl)).properties.webhookReceivers).toMatchObject(fewer.webhookReceivers!);

    const rule = alertRuleId(key, 'It is (too) hot');
    const ruleUrl = `${rule}?api-version=2018-03-01`;
    const form = { ...emptyAlertForm(), name: 'It is (too) hot', description: 'It\'s hot: "look"', severity: 0 };
    const criterion = { ...form.criteria[0]!, metricName: 'Queries', threshold: 0.5 };
    const wanted = propertiesOf(key, { ...form, windowSize: 'P1D', actionGroups: [group] });
    await paste(describePutAlertRule(rule, wanted, undefined));
    const first = await shown(ruleUrl);
    const { description, severity, scopes, criteria } = wanted;
    expect(first.properties).toMatchObject({ description, severity, scopes, windowSize: 'P1D', autoMitigate: true });
    const without = ({ metricNamespace: _namespace, ...rest }: Record<string, unknown>) => rest;
    expect(first.properties.criteria.allOf).toMatchObject(criteria.allOf!.map(without));
    expect(first.properties.actions).toMatchObject([{ actionGroupId: group }]);
    const next = { ...form, description: '', windowSize: 'PT15M', autoMitigate: false, actionGroups: [] };
    const changed = propertiesOf(key, { ...next, criteria: [...form.criteria, criterion] }, first.properties);
    await paste(describePutAlertRule(rule, changed, first));
    const second = await shown(ruleUrl);
    expect(second.properties).toMatchObject({ description: '', windowSize: 'PT15M', autoMitigate: false, actions: [] });
    expect(second.properties.criteria.allOf).toMatchObject(changed.criteria.allOf!.map(without));
    await paste(describePutAlertRule(rule, { ...second.properties, enabled: false }, second));
    expect((await shown(ruleUrl)).properties).toMatchObject({ enabled: false });
    await paste(describeDelete(rule, '2018-03-01', 'Alert rule'));
    await paste(describeDelete(group, '2023-01-01', 'Action group'));
    expect((await daemon.arm('GET', ruleUrl)).status).toBe(404);
    expect((await daemon.arm('GET', groupUrl)).status).toBe(404);
  });

  test('is told what Azure tells it: metrics, activity, locks', async () => {
    const { id } = await mysql('show', ...SERVER);
    const definitions = await az('monitor', 'metrics', 'list-definitions', '--resource', id);
    expect(definitions.map((one: { name: { value: string } }) => one.name.value)).toContain('cpu_percent');
    const events = await az('monitor', 'activity-log', 'list', '--resource-id', id);
    expect(events.length).toBeGreaterThan(0);
    const type = ['--resource-type', 'Microsoft.DBforMySQL/flexibleServers', '--resource', 'orders'];
    await az('lock', 'create', '--name', 'keep', '--lock-type', 'CanNotDelete', ...GROUP, ...type);
    await expect(mysql('delete', ...SERVER, '--yes')).rejects.toThrow(/ScopeLocked/);
    await az('lock', 'delete', '--name', 'keep', ...GROUP, ...type);
    await az('group', 'delete', '--name', 'shop', '--yes');
    expect(await mysql('list')).toEqual([]);
  });
});
