import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listInstances } from '../store/instances.ts';
import { openControlDatabase } from '../store/database.ts';
import { destroyHome, makeHome, startDaemon, until, type TestDaemon } from '../testing/daemon.ts';
import { join } from 'node:path';

const GROUP = '/resourceGroups/watched';
const SOON = 20_000;
/** A server's first sample comes with the end of a minute, and is looked at five seconds later. */
const FIRST_MINUTE = 100_000;

interface Alert {
  properties: { essentials: { alertRule: string } };
}

let home: string;
let daemon: TestDaemon;
let group: string;
let server: string;

let receiver: Server;
let status = 503;
// oxlint-disable-next-line typescript/no-explicit-any -- whatever was sent
const received: { id: string; signature: string; text: string; body: any }[] = [];

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { headers } = request;
    received.push({
      id: headers['x-flexdeck-delivery'] as string,
      signature: headers['x-flexdeck-signature'] as string,
      text,
      body: JSON.parse(text),
    });
    response.writeHead(status).end();
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  home = makeHome();
  daemon = await startDaemon({ home });
  group = `/subscriptions/${daemon.ready.subscriptionId}${GROUP}`;
  server = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/watched`;
  await daemon.arm('PUT', `${group}?api-version=2022-09-01`, { location: 'westeurope' });
  const begun = await daemon.arm('PUT', server, {
    location: 'westeurope',
    sku: { name: 'Standard_B1ms', tier: 'Burstable' },
    properties: { administratorLogin: 'myadmin', administratorLoginPassword: 'Passw0rd!x' },
  });
  expect((await daemon.ended(begun)).status).toBe('Succeeded');
  await until(FIRST_MINUTE, async () => {
    const { body } = await daemon.arm('GET', local('backupTimeline'));
    return body.properties.fullBackups[0]?.state === 'Succeeded' || undefined;
  });
}, 220_000);

afterAll(async () => {
  receiver.close();
  await destroyHome(home);
}, 60_000);

/** @param actions groups that are told. */
async function makeRule(name: string, metricName: string, timeAggregation: string, actions: string[]): Promise<void> {
  const { status, body } = await daemon.arm(
    'PUT',
    `${group}/providers/Microsoft.Insights/metricAlerts/${name}?api-version=2018-03-01`,
    {
      location: 'global',
      properties: {
        severity: 3,
        enabled: true,
        scopes: [server],
        windowSize: 'PT5M',
        evaluationFrequency: 'PT1M',
        criteria: {
          'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria',
          allOf: [{ name, metricName, timeAggregation, operator: 'GreaterThan', threshold: 0 }],
        },
        actions: actions.map((actionGroupId) => ({ actionGroupId })),
      },
    },
  );
  expect(status, JSON.stringify(body)).toBe(200);
}

const local = (part: string) => `${server}/providers/Flexdeck.Local/${part}?api-version=2026-11-01-preview`;

/** One byte in the middle of the only full backup is another. */
function damageBackup(): void {
  const files = readdirSync(join(home, 'backups'), { recursive: true }) as string[];
  const path = join(
    home,
    'backups',
    files.find((file) => file.endsWith('.full'))!,
  );
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(path, bytes);
}

async function health(): Promise<
  { availabilityState: string; reasonType?: string; title?: string; summary?: string }[]
> {
  const path = `${server}/providers/Microsoft.ResourceHealth/availabilityStatuses?api-version=2020-05-01`;
  const { body } = await daemon.arm('GET', path);
  return body.value.map(({ properties }: { properties: object }) => properties);
}

function isNow(state: string): Promise<true> {
  return until(SOON, async () => ((await health())[0]!.availabilityState === state ? true : undefined));
}

describe('a server that is watched', () => {
  it('is told of by its health: a crash is unplanned, a restart somebody’s wish', async () => {
    await isNow('Available');
    const database = openControlDatabase(join(home, 'control.db'));
    const [instance] = listInstances(database);
    database.close();
    process.kill(instance!.process!.pid, 'SIGKILL');
    await until(SOON, async () =>
      (await health()).some(({ reasonType }) => reasonType === 'Unplanned') ? true : undefined,
    );
    await isNow('Available');
    expect((await daemon.ended(await daemon.arm('POST', `${server}/restart`, {}))).status).toBe('Succeeded');
    await isNow('Available');
    const told = (await health()).map(({ availabilityState, reasonType }) => [availabilityState, reasonType]);
    const states = told.filter((one, index) => String(one) !== String(told[index + 1]));
    expect(states).toEqual([
      ['Available', undefined],
      ['Unavailable', 'UserInitiated'],
      ['Available', undefined],
      ['Unavailable', 'Unplanned'],
      ['Available', undefined],
    ]);
  }, 90_000);

  it('says so when its newest backup cannot be restored', async () => {
    damageBackup();
    const tried = await daemon.ended(await daemon.arm('POST', local('verifyBackup')));
    const problem = expect.stringMatching(
      /^The backup file \S+\.full is damaged at byte \d+: its content was changed\./,
    );
    expect(tried).toMatchObject({ status: 'Failed', error: { message: problem } });
    const { body } = await daemon.arm('GET', local('backupVerifications'));
    expect(body.value[0].properties).toMatchObject({ status: 'Failed', problem });
    await isNow('Degraded');
    const [now] = await health();
    expect(now).toMatchObject({ title: 'The newest backup could not be restored' });
    expect(now!.summary).toMatch(/is damaged at byte/);
    // It fires with the first minute's sample, which the next test waits for.
    await makeRule('unrestorable', 'backup_verification_failed', 'Maximum', []);
  }, 120_000);

  it('fires on its own metrics; what could not be delivered is delivered after the daemon died', async () => {
    const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    const people = `${group}/providers/Microsoft.Insights/actionGroups/people`;
    const made = await daemon.arm('PUT', `${people}?api-version=2023-01-01`, {
      location: 'Global',
      properties: {
        groupShortName: 'people',
        enabled: true,
        webhookReceivers: [{ name: 'hook', serviceUri: address, useCommonAlertSchema: true }],
      },
    });
    expect(made.status).toBe(201);
    const { body: told } = await daemon.arm(
      'POST',
      `${people}/providers/Flexdeck.Local/regenerateSigningSecret?api-version=2026-11-01-preview`,
    );
    await makeRule('used', 'storage_used', 'Minimum', [people]);
    await until(FIRST_MINUTE, () => received[0]);
    await daemon.kill9();
    status = 200;
    daemon = await startDaemon({ home });
    const [first] = received;
    const last = await until(SOON, () => received[1]);
    expect(last.id).toBe(first!.id);
    const [, time, given] = /^t=(\d+),v1=(\w+)$/.exec(last.signature)!;
    expect(given).toBe(createHmac('sha256', told.secret).update(`${time}.${last.text}`).digest('hex'));
    expect(last.body.data.essentials).toMatchObject({ monitorCondition: 'Fired', configurationItems: ['watched'] });
    // The failed verification is in the sample of the minute that it ended in.
    const fired = await until(FIRST_MINUTE, async () => {
      const { body } = await daemon.arm(
        'GET',
        `/subscriptions/${daemon.ready.subscriptionId}/providers/Microsoft.AlertsManagement/alerts?api-version=2019-05-05-preview`,
        undefined,
        { account: 'reader' },
      );
      return body.value.length >= 2 ? (body.value as Alert[]) : undefined;
    });
    const names = fired.map(({ properties }) => properties.essentials.alertRule.split('/').at(-1));
    expect(names.toSorted()).toEqual(['unrestorable', 'used']);
    const refused = await daemon.arm('DELETE', `${people}?api-version=2023-01-01`, undefined, { account: 'reader' });
    expect(refused.status).toBe(403);
  }, 180_000);
});
