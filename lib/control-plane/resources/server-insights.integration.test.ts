import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { createConnection, type Connection } from 'mysql2/promise';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { LogEntry } from '../../arm/local/log-entry.ts';
import { homePaths } from '../home.ts';
import { LOG_LIMITS } from '../logs/log-files.ts';
import { serverLogsReconciler } from '../reconcilers/server-logs.ts';
import { openControlDatabase } from '../store/database.ts';
import { destroyHome, makeHome, startDaemon, until, type ArmAnswer, type TestDaemon } from '../testing/daemon.ts';
import { OpenApiFiles, SPEC_IS_THERE } from './conformance-openapi.ts';
import { newServer } from './conformance-world.ts';

const home = makeHome();
let daemon: TestDaemon;
let server: string;
const clients: Connection[] = [];

beforeAll(async () => {
  daemon = await startDaemon({ home });
  const group = `/subscriptions/${daemon.ready.subscriptionId}/resourceGroups/Insights`;
  server = `${group}/providers/Microsoft.DBforMySQL/flexibleServers/insights1`;
  await daemon.arm('PUT', `${group}?api-version=2021-04-01`, { location: 'westeurope' });
  await succeed(await daemon.arm('PUT', server, newServer()));
  await succeed(
    await daemon.arm('PUT', `${server}/firewallRules/all`, {
      properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' },
    }),
  );
});

afterAll(async () => {
  for (const client of clients) client.destroy();
  await destroyHome(home);
});

async function succeed(answer: ArmAnswer): Promise<void> {
  expect(await daemon.ended(answer)).toMatchObject({ status: 'Succeeded' });
}

const local = (method: string, path: string, query: Record<string, string> = {}, account = 'owner', body?: unknown) =>
  daemon.arm(
    method,
    `${server}/providers/Flexdeck.Local/${path}?${new URLSearchParams({ ...query, 'api-version': FLEXDECK_LOCAL_VERSION })}`,
    body,
    { account },
  );

async function client(): Promise<Connection> {
  const { body } = await daemon.arm('GET', `${server}?api-version=2024-12-30`);
  const connection = await createConnection({
    host: body.properties.fullyQualifiedDomainName,
    port: body.properties.databasePort,
    user: 'myadmin',
    password: 'Passw0rd!x',
    ssl: { ca: readFileSync(daemon.ready.caFile), rejectUnauthorized: false },
  });
  clients.push(connection);
  return connection;
}

async function setParameters(values: Record<string, string>): Promise<void> {
  await succeed(
    await daemon.arm('POST', `${server}/updateConfigurations`, {
      value: Object.entries(values).map(([name, value]) => ({ name, properties: { value, source: 'user-override' } })),
    }),
  );
}

async function download(url: string): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  const sent = request(url, { ca: readFileSync(daemon.ready.caFile) });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  return { status: answer.statusCode!, text, headers: answer.headers };
}

describe('server logs', () => {
  const entries = async (query: Record<string, string>): Promise<LogEntry[]> =>
    (await local('GET', 'logEntries', query)).body.value;
  const files = async (account = 'owner') => daemon.arm('GET', `${server}/logFiles`, undefined, { account });

  it('shows what is slow to who searches, with the client’s address, and no password', async () => {
    await setParameters({ slow_query_log: 'ON', long_query_time: '0', log_output: 'FILE' });
    const connection = await client();
    await connection.query("SELECT 'needle in a haystack' AS `Straw`");
    await connection.query("CREATE USER somebody IDENTIFIED BY 'Secret-words-1'");
    const [entry] = await until(10_000, async () => {
      const found = await entries({ search: 'NEEDLE in' });
      return found.length > 0 ? found : undefined;
    });
    expect(entry).toMatchObject({ user: 'myadmin', text: "SELECT 'needle in a haystack' AS `Straw`;", rowsSent: 1 });
    expect(entry!.clientAddress).toMatch(/^127\.0\.0\.1:\d+$/);
    const [created] = await entries({ search: 'create user' });
    expect(created!.text).toMatch(/IDENTIFIED .*<secret>/);
    expect(await entries({ search: 'Secret-words' })).toEqual([]);
    // Nothing that Flexdeck runs itself.
    expect((await entries({})).every(({ user }) => user === 'myadmin')).toBe(true);
  });

  it('lists files as Azure does and lets a link lead to one, without a token, and to no other', async () => {
    const answer = await files('reader');
    if (SPEC_IS_THERE) {
      const spec = new OpenApiFiles('mysql/resource-manager/Microsoft.DBforMySQL');
      expect(spec.check(spec.operation('2023-12-30', 'LogFiles_ListByServer')!, 200, answer.body).faults).toEqual([]);
    }
    const [file] = answer.body.value;
    expect(file.name).toMatch(/^mysql-slow-insights1-\d{14}\.log$/);
    expect(answer.body.value.map(({ properties }: { properties: { type: string } }) => properties.type)).toEqual([
      'slowlog',
    ]);
    const got = await download(file.properties.url);
    expect(got).toMatchObject({ status: 200, headers: { 'x-content-type-options': 'nosniff' } });
    expect(got.text).toContain('needle in a haystack');
    expect((await download(file.properties.url.replace(file.name, 'error.log'))).status).toBe(403);
    expect((await download(file.properties.url.replace('sig=', 'sig=A'))).status).toBe(403);
    expect((await download(file.properties.url.split('?')[0])).status).toBe(403);
  });

  it('rotates under a client that writes, and loses no statement', async () => {
    const connection = await client();
    const database = openControlDatabase(homePaths(home).controlDatabase);
    let now = Date.now();
    const reconciler = serverLogsReconciler(
      { database, paths: homePaths(home), clock: { now: () => now }, log: pino({ level: 'silent' }) },
      { ...LOG_LIMITS, rotateAtBytes: 1 },
    );
    let last = 0;
    const writing = new AbortController();
    const writer = (async () => {
      while (!writing.signal.aborted) await connection.query(`SELECT 'count ${++last}'`);
    })();
    for (let turn = 0; turn < 3; turn++) {
      const before = last;
      await until(10_000, () => (last > before + 20 ? true : undefined));
      now += 60_000;
      expect(await reconciler.tick()).toContain('rotated mysql-');
    }
    const before = last;
    await until(10_000, () => (last > before + 20 ? true : undefined));
    writing.abort();
    await writer;
    database.close();
    const urls: string[] = (await files()).body.value.map(
      ({ properties }: { properties: { url: string } }) => properties.url,
    );
    expect(urls).toHaveLength(4);
    const texts = await Promise.all(urls.toReversed().map(async (url) => (await download(url)).text));
    const counted = texts.join('').match(/SELECT 'count \d+'/g);
    expect(counted).toEqual(Array.from({ length: last }, (_, index) => `SELECT 'count ${index + 1}'`));
  });

  it('shows the error log where that is wanted, and refuses what makes no sense', async () => {
    expect((await local('GET', 'logEntries', { kind: 'errorlog' })).body.error.code).toBe('LogNotEnabled');
    await setParameters({ error_server_log_file: 'ON', long_query_time: '10' });
    await until(10_000, async () =>
      (await entries({ kind: 'errorlog', search: 'ready for connections' })).length > 0 ? true : undefined,
    );
    const kinds = (await files()).body.value.map(({ properties }: { properties: { type: string } }) => properties.type);
    expect(new Set(kinds)).toEqual(new Set(['slowlog', 'errorlog']));
    for (const query of [{ kind: 'general' }, { search: ' ' }, { search: 'x'.repeat(201) }, { cursor: 'a:b' }]) {
      expect((await local('GET', 'logEntries', query as never)).status).toBe(400);
    }
    const { body } = await daemon.arm('GET', `${server}/configurations/error_server_log_file`);
    expect(body.properties).toMatchObject({ value: 'ON', isConfigPendingRestart: 'False', allowedValues: 'ON,OFF' });
  });
});
