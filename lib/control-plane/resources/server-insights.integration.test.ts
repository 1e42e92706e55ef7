import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { createConnection, type Connection } from 'mysql2/promise';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { LogEntry } from '../../arm/local/log-entry.ts';
import type { StatementDetail, TopStatements } from '../../arm/local/query-insights.ts';
import { ServerCertificate } from '../../arm/local/server-certificate.ts';
import type { Sessions } from '../../arm/local/session.ts';
import { homePaths } from '../home.ts';
import { LOG_LIMITS } from '../logs/log-files.ts';
import { openMetering } from '../metrics/metering.ts';
import { statementsReconciler } from '../reconcilers/statements.ts';
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

describe('the log of connections', () => {
  const entries = async (): Promise<LogEntry[]> =>
    (await local('GET', 'logEntries', { kind: 'connectionlog', search: '{' })).body.value;

  it('is there when it is wanted, and has who came, who was refused, and who came while the daemon was down', async () => {
    expect((await local('GET', 'logEntries', { kind: 'connectionlog' })).body.error.code).toBe('LogNotEnabled');
    const refused = await daemon.arm('PUT', `${server}/configurations/audit_log_events`, {
      properties: { value: 'TABLE_ACCESS', source: 'user-override' },
    });
    expect(refused.status).toBe(400);
    await setParameters({ audit_log_enabled: 'ON' });
    // Known to the gateway's reader from its next look on.
    await until(10_000, async () => {
      const connection = await client();
      await connection.end();
      return (await entries()).length > 0 ? true : undefined;
    });
    const stays = await client();
    const [[{ id }]] = (await stays.query('SELECT CONNECTION_ID() AS id')) as unknown as [[{ id: number }]];
    const came = await until(10_000, async () => (await entries()).find((entry) => entry.connectionId === id));
    expect(came).toMatchObject({ text: 'Connected', user: 'myadmin' });
    expect(came.clientAddress).toMatch(/^127\.0\.0\.1:\d+$/);
    const { body } = await daemon.arm('GET', `${server}?api-version=2024-12-30`);
    const { fullyQualifiedDomainName: host, databasePort: port } = body.properties;
    await daemon.kill9();
    const stranger = connect({ host, port, localAddress: '127.0.0.77' }).resume();
    await once(stranger, 'end');
    stays.destroy();
    daemon = await startDaemon({ home });
    const found = await until(15_000, async () => {
      const all = await entries();
      return all.some(({ text }) => text.startsWith('Disconnected')) &&
        all.some(({ text }) => text.startsWith('Refused'))
        ? all
        : undefined;
    });
    expect(found.find(({ connectionId, text }) => connectionId === id && text.startsWith('Disc'))).toBeDefined();
    const [refusal] = found.filter(({ text }) => text.startsWith('Refused'));
    expect(refusal).toMatchObject({ level: 'Warning', text: 'Refused: no firewall rule allows this address' });
    expect(refusal!.clientAddress).toMatch(/^127\.0\.0\.77:/);
    const files = await daemon.arm('GET', `${server}/logFiles`);
    const file = files.body.value.find(
      ({ properties }: { properties: { type: string } }) => properties.type === 'connectionlog',
    );
    expect(file.name).toMatch(/^mysql-connection-insights1-\d{14}\.log$/);
    expect((await download(file.properties.url)).text).toContain('"event_subclass":"FAILED CONNECT"');
  });
});

it('the certificate that is told is the one that clients are shown', async () => {
  const { body, status } = await local('GET', 'certificate', {}, 'reader');
  expect(status, JSON.stringify(body)).toBe(200);
  const { connection } = (await client()) as unknown as { connection: { stream: TLSSocket } };
  const shown = connection.stream.getPeerCertificate();
  const { names, fingerprint, validFrom, validTo, renewedFrom } = ServerCertificate.parse(body).properties;
  expect(fingerprint).toBe(shown.fingerprint256);
  expect(names.map((name) => shown.subjectaltname!.includes(name))).toEqual(names.map(() => true));
  expect([validFrom, validTo].map(Date.parse)).toEqual([shown.valid_from, shown.valid_to].map(Date.parse));
  expect(Date.parse(renewedFrom)).toBeGreaterThan(Date.now());
  expect(Date.parse(renewedFrom)).toBeLessThan(Date.parse(validTo));
});

describe('query insights', () => {
  const MINUTE = 60_000;
  const began = Math.floor(Date.now() / MINUTE) * MINUTE - 300 * MINUTE;
  let now = began + 6_000;
  let look: () => Promise<{ from: string; to: string }>;
  let close: () => Promise<void>;
  let connection: Connection;

  beforeAll(async () => {
    const paths = homePaths(home);
    const database = openControlDatabase(paths.controlDatabase);
    const log = pino({ level: 'silent' });
    const metering = openMetering(paths.samplesDatabase, log, () => undefined);
    const reconciler = statementsReconciler({ database, metering, paths, log, clock: { now: () => now } });
    look = async () => {
      await reconciler.tick();
      now += MINUTE;
      const to = Math.floor((now - 6_000) / MINUTE) * MINUTE - MINUTE;
      return { from: new Date(to - MINUTE).toISOString(), to: new Date(to).toISOString() };
    };
    close = async () => {
      reconciler.close();
      await metering.close();
      database.close();
    };
    connection = await client();
    await connection.query('CREATE DATABASE shop');
    await connection.query('USE shop');
    await connection.query('CREATE TABLE orders (id INT PRIMARY KEY AUTO_INCREMENT, customer INT, note VARCHAR(90))');
    await connection.query(
      `INSERT INTO orders (customer, note)
       WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i, 'note' FROM n`,
    );
    await look();
  });
  afterAll(() => close());

  const top = async (query: Record<string, string>): Promise<TopStatements> =>
    (await local('GET', 'queryStatements', query, 'reader')).body;

  it('counts exactly what clients run, by statement, and nothing of its own', async () => {
    await look();
    for (let customer = 0; customer < 7; customer++) {
      await connection.query(`SELECT * FROM orders WHERE customer = ${customer} AND note <> 'secret'`);
    }
    await connection.query('SELECT nothing FROM orders').catch(() => {});
    const span = await look();
    const found = await top({ ...span, orderBy: 'rowsExamined' });
    const [first] = found.value;
    expect(first).toMatchObject({
      database: 'shop',
      text: 'SELECT * FROM `orders` WHERE `customer` = ? AND `note` != ?',
      costs: { count: 7, rowsExamined: 6300, rowsSent: 6, noIndexCount: 7, errors: 0 },
    });
    expect((await top({ ...span, orderBy: 'errors' })).value[0]!.costs).toMatchObject({ errors: 1 });
    expect(found.value.map(({ text }) => text).join(' ')).not.toMatch(/performance_schema|information_schema/);
    expect(found.trend).toEqual([expect.objectContaining({ time: span.from, count: 8 })]);
    expect(found.waits.length).toBeGreaterThan(0);

    const { body } = await local('GET', `queryStatements/${first!.id}`, span, 'reader');
    const detail = body as StatementDetail;
    expect(detail.sample!.text).toBe('SELECT * FROM orders WHERE customer = ? AND note <> ?');
    expect(detail.trend).toEqual([expect.objectContaining({ time: span.from, count: 7, rowsExamined: 6300 })]);
  });

  it('has no sample of values where a sample is hostile, and history when mysqld is restarted', async () => {
    await connection.query("SELECT 'a\\'', 'secret-7' /* secret-7 */, \"secret-7\" FROM orders LIMIT 1");
    const span = await look();
    const { id } = (await top(span)).value.find(({ text }) => text.includes('LIMIT'))!;
    const answer = await local('GET', `queryStatements/${id}`, span, 'reader');
    expect(answer.body.sample.text).toContain('SELECT ?');
    expect(JSON.stringify(answer.body)).not.toContain('secret-7');
    await succeed(await daemon.arm('POST', `${server}/restart`, {}));
    connection = await client();
    await connection.query('USE shop');
    expect((await top(span)).value.map((statement) => statement.id)).toContain(id);
    const detail = await local('GET', `queryStatements/${id}`, span, 'reader');
    expect(detail.body).toMatchObject({ costs: { count: 1 } });
    expect(detail.body.sample).toBeUndefined();
    await connection.query('SELECT COUNT(*) FROM orders WHERE customer = 3');
    const after = await top(await look());
    expect(after.value.find(({ text }) => text.includes('COUNT'))!.costs.count).toBe(1);
  });

  it('explains without values, to who may, and never does what it explains', async () => {
    const span = { from: new Date(began).toISOString(), to: new Date(now).toISOString() };
    await connection.query("SELECT note FROM orders WHERE customer = 3 AND note = 'secret'");
    await connection.query('CREATE FUNCTION f() RETURNS INT NO SQL RETURN SLEEP(9)');
    await connection.query('UPDATE orders SET note = id WHERE id > 5 AND id < 7');
    await connection.query('SELECT id FROM orders WHERE id = IF(id < 0, f(), 1)');
    await connection.query('CREATE TABLE other (id INT PRIMARY KEY)');
    await look();
    const explain = async (part: string, account = 'owner') => {
      const { id } = (await top({ ...span, to: new Date(now).toISOString() })).value.find(({ text }) =>
        text.startsWith(part),
      )!;
      return local('POST', `queryStatements/${id}/explain`, {}, account);
    };
    const plan = await explain('SELECT `note` FROM');
    expect(plan).toMatchObject({ status: 200 });
    expect(plan.body.plan).toMatch(/Table scan on orders {2}\(cost=[\d.]+ rows=\d+\)/);
    expect(JSON.stringify(plan.body)).not.toContain('secret');
    expect((await explain('SELECT `note` FROM', 'reader')).body.error.code).toBe('AuthorizationFailed');
    expect((await explain('UPDATE `orders`')).body.plan).toMatch(/orders/);
    expect((await explain('SELECT `id` FROM')).body.error).toMatchObject({
      code: 'StatementNotExplained',
      message: expect.stringContaining('stored program'),
    });
    expect((await explain('CREATE TABLE')).body.error.code).toBe('StatementNotExplainable');
    for (const id of ['0', 'x', '99999']) {
      expect((await local('POST', `queryStatements/${id}/explain`)).status).toBe(404);
    }
    const advice = (await local('GET', 'indexAdvice', { from: span.from, to: new Date(now).toISOString() }, 'reader'))
      .body;
    expect(advice.value).toContainEqual(
      expect.objectContaining({
        kind: 'missing',
        table: 'orders',
        statement: 'ALTER TABLE `shop`.`orders` ADD INDEX (`customer`)',
        evidence: expect.stringContaining('without an index'),
      }),
    );
  });

  it('refuses spans and orders that make no sense', async () => {
    for (const query of [
      { from: 'yesterday' },
      { orderBy: 'beauty' },
      { top: '0' },
      { top: '101' },
      { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      { from: '2000-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
    ]) {
      expect((await local('GET', 'queryStatements', query as never)).body.error.code).toBe('InvalidParameterValue');
    }
  });
});

describe('sessions', () => {
  const sessions = async (account = 'reader'): Promise<Sessions> => (await local('GET', 'sessions', {}, account)).body;

  it('shows who waits for whom, without values, and ends who holds the others up', async () => {
    const [holder, waiter, third] = [await client(), await client(), await client()];
    await holder.query('START TRANSACTION');
    await holder.query("UPDATE shop.orders SET note = 'secret' WHERE id = 1");
    const waiting = waiter.query("UPDATE shop.orders SET note = 'secret' WHERE id = 1");
    await until(10_000, async () => ((await sessions()).waits.length === 1 ? true : undefined));
    const altering = third.query('ALTER TABLE shop.orders ADD COLUMN more INT');
    const found = await until(10_000, async () => {
      const seen = await sessions();
      return seen.waits.length >= 2 ? seen : undefined;
    });
    expect(found.waits).toContainEqual(
      expect.objectContaining({
        waiting: waiter.threadId,
        blocking: holder.threadId,
        kind: 'row',
        object: 'shop.orders',
      }),
    );
    expect(found.waits).toContainEqual(
      expect.objectContaining({ waiting: third.threadId, blocking: holder.threadId, kind: 'table', mode: 'EXCLUSIVE' }),
    );
    const blocked = found.value.find(({ connectionId }) => connectionId === waiter.threadId)!;
    expect(blocked).toMatchObject({ user: 'myadmin', statement: 'UPDATE shop.orders SET note = ? WHERE id = ?' });
    expect(blocked.clientAddress).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(found.value.every(({ user }) => user === 'myadmin')).toBe(true);
    const open = found.value.find(({ connectionId }) => connectionId === holder.threadId)!;
    expect(open).toMatchObject({ command: 'Sleep', rowsModified: 1, transactionSeconds: expect.any(Number) });

    expect((await local('POST', `sessions/${holder.threadId}/kill`, {}, 'reader')).body.error.code).toBe(
      'AuthorizationFailed',
    );
    holder.on('error', () => {});
    expect((await local('POST', `sessions/${holder.threadId}/kill`)).status).toBe(204);
    await Promise.all([waiting, altering]);
    const log = await daemon.arm(
      'GET',
      `/subscriptions/${daemon.ready.subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=${encodeURIComponent(`eventTimestamp ge '${new Date(Date.now() - 3600_000).toISOString()}'`)}`,
    );
    expect(log.body.value[0]).toMatchObject({
      operationName: { value: 'Flexdeck.Local/sessions/kill/action' },
      description: `Ended session ${holder.threadId} of myadmin.`,
    });
  });

  it('ends a statement alone, and nobody’s sessions but people’s', async () => {
    const sleeper = await client();
    const asleep = sleeper.query('SELECT SLEEP(60) AS woken');
    await until(10_000, async () =>
      (await sessions()).value.some(({ statement }) => statement?.includes('SLEEP')) ? true : undefined,
    );
    expect((await local('POST', `sessions/${sleeper.threadId}/kill`, {}, 'owner', { kind: 'query' })).status).toBe(204);
    expect((await asleep)[0]).toEqual([{ woken: 1 }]);
    expect((await local('POST', `sessions/${sleeper.threadId}/kill`, {}, 'owner', { kind: 'all' })).status).toBe(400);
    // The daemon's own are among these.
    for (let id = 1; id < sleeper.threadId; id++) {
      if (clients.some(({ threadId }) => threadId === id)) continue;
      expect((await local('POST', `sessions/${id}/kill`)).body.error.code).toBe('SessionNotFound');
    }
    expect((await local('POST', 'sessions/1;DROP/kill')).status).toBe(404);
  });
});
