import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from './adoption.ts';
import { rows } from './client.ts';
import { readConfigurations } from './configurations.ts';
import { createDatabase, dropDatabase, findDatabase, isSystemDatabase, listDatabases } from './databases.ts';
import { instancePaths } from './instance.ts';
import { mysqldOptions, readMachine } from './options.ts';
import { EXIT_RESTART, MysqldFailedError, waitUntilReady } from './process.ts';
import { ADDRESS, ADMINISTRATOR, listenInFront, SMALL, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => server?.remove());

describe('TLS', () => {
  test('1.2 and 1.3 are spoken, 1.1 is refused', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const connection = await server.asAdministrator({ ssl: tls(version) });
      const [found] = await rows<{ Value: string }>(connection, "SHOW STATUS LIKE 'Ssl_version'");
      expect(found?.Value).toBe(version);
      connection.destroy();
    }
    await expect(server.asAdministrator({ ssl: tls('TLSv1.1') })).rejects.toThrow(/protocol|version/i);
  });

  function tls(version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3') {
    // OpenSSL's own security level forbids 1.1: lowered, so that it is the server that refuses.
    const ciphers = 'ALL:@SECLEVEL=0';
    return { rejectUnauthorized: false, minVersion: version, maxVersion: version, ciphers };
  }

  test('VERIFY_IDENTITY passes for the address in the certificate and for no other', async () => {
    const verify = ['--ssl-mode=VERIFY_IDENTITY', `--ssl-ca=${server.caFile}`, '--execute=SELECT 40 + 2'];
    for (const [address, passes] of [
      [ADDRESS, true],
      ['127.83.251.8', false],
    ] as const) {
      const front = await listenInFront(server.instance, address);
      const answer = server.mysqlClient([`--host=${address}`, `--port=${front.port}`, ...verify]);
      if (passes) expect(await answer).toContain('42');
      else await expect(answer).rejects.toThrow(/SSL connection error/);
      front.close();
    }
  });
});

test('nobody gets in without a password or with a wrong one', async () => {
  await expect(server.asAdministrator({ password: 'Wrong-horse-1' })).rejects.toThrow(/Access denied/);
  await expect(server.asAdministrator({ user: 'root', password: '' })).rejects.toThrow(/Access denied/);
  await server.asDaemon(async (connection) => {
    const open = await rows(
      connection,
      "SELECT user FROM mysql.user WHERE account_locked = 'N' AND user NOT IN ('flexdeck', ?)",
      [ADMINISTRATOR.login],
    );
    expect(open).toEqual([]);
  });
});

test('rows survive a stop, a start and a SIGKILL', async () => {
  await server.asDaemon(async (connection) => {
    await createDatabase(connection, { name: 'kept' });
    await connection.query('CREATE TABLE kept.t (id INT PRIMARY KEY)');
    await connection.query('INSERT INTO kept.t VALUES (1)');
  });
  const first = server.process().identity;
  expect(await server.stop()).toBe('clean');
  expect(isAlive(first)).toBe(false);

  await server.start();
  await server.asDaemon((connection) => connection.query('INSERT INTO kept.t VALUES (2)'));
  await server.kill();
  expect((await server.process().exited).signal).toBe('SIGKILL');

  await server.start();
  const found = await server.asDaemon((connection) => rows(connection, 'SELECT id FROM kept.t'));
  expect(found).toEqual([{ id: 1 }, { id: 2 }]);
  await server.asDaemon((connection) => dropDatabase(connection, 'kept'));
});

test('RESTART ends mysqld with the code that asks for another start', async () => {
  await server.asDaemon((connection) => connection.query('RESTART'));
  expect(await server.process().exited).toEqual({ code: EXIT_RESTART, signal: null });
  await server.start();
});

test('a mysqld that cannot start says why', async () => {
  await server.stop();
  await expect(server.start({ sql_mode: 'NO_SUCH_MODE' })).rejects.toMatchObject({
    logEnd: expect.stringMatching(/sql_mode|NO_SUCH_MODE/i),
  });
  await expect(waitUntilReady(server.instance, server.process().identity)).rejects.toBeInstanceOf(MysqldFailedError);
  await server.start();
});

test('neither data files nor binary log show what is in them', async () => {
  const secret = 'the-whale-is-white';
  await server.asDaemon(async (connection) => {
    await createDatabase(connection, { name: 'hidden' });
    await connection.query("CREATE TABLE hidden.plain (word VARCHAR(40)) ENCRYPTION = 'N'");
    await connection.query('CREATE TABLE hidden.sealed (word VARCHAR(40))');
    await connection.query(`INSERT INTO hidden.sealed VALUES ('${secret}')`);
    await connection.query("INSERT INTO hidden.plain VALUES ('the-ship-is-wooden')");
  });
  // A clean stop writes all pages out.
  await server.stop();
  // What was asked to be plain is found, so the search works.
  expect(readFileSync(server.file('hidden/plain.ibd')).includes('the-ship-is-wooden')).toBe(true);
  const { dataDirectory, keyringFile } = instancePaths(server.instance);
  const files = readdirSync(dataDirectory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.some(({ name }) => name.startsWith('binlog.0'))).toBe(true);
  const telling = files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(secret));
  expect(telling.map(({ name }) => name)).toEqual([]);
  expect(statSync(keyringFile).mode & 0o077).toBe(0);
  await server.start();
  await server.asDaemon((connection) => dropDatabase(connection, 'hidden'));
});

describe('databases', () => {
  test('are made as ARM asks, listed with their size, and dropped', async () => {
    await server.asDaemon(async (connection) => {
      expect(await createDatabase(connection, { name: 'plain' })).toEqual({
        name: 'plain',
        charset: 'utf8mb4',
        collation: 'utf8mb4_0900_ai_ci',
        sizeBytes: 0,
      });
      const old = await createDatabase(connection, { name: 'o`ld', charset: 'utf8', collation: 'utf8_general_ci' });
      expect(old).toMatchObject({ charset: 'utf8mb3', collation: 'utf8mb3_general_ci' });
      await connection.query('CREATE TABLE plain.t (id INT)');
      const listed = await listDatabases(connection);
      const own = listed.filter(({ name }) => !isSystemDatabase(name));
      expect(own.map(({ name }) => name)).toEqual(['o`ld', 'plain']);
      expect(listed.length - own.length).toBe(4);
      expect(await findDatabase(connection, 'sys')).toMatchObject({ name: 'sys' });
      expect(own[1]!.sizeBytes).toBeGreaterThan(0);
      await dropDatabase(connection, 'o`ld');
      await dropDatabase(connection, 'plain');
      await dropDatabase(connection, 'plain');
      expect(await findDatabase(connection, 'plain')).toBeUndefined();
    });
  });

  test.each([
    [{ name: 'mysql' }, 'databaseName'],
    [{ name: 'x', charset: 'klingon' }, 'properties.charset'],
    [{ name: 'x', charset: 'latin1', collation: 'utf8mb4_bin' }, 'properties.collation'],
    [{ name: 'x', collation: "utf8mb4_bin'; --" }, 'properties.collation'],
  ])('%j is refused', async (wanted, target) => {
    const answer = server.asDaemon((connection) => createDatabase(connection, wanted));
    await expect(answer).rejects.toMatchObject({ code: 'InvalidParameterValue', status: 400, target });
  });
});

test('configurations tell the running value, the default and what is dynamic', async () => {
  const defaults = mysqldOptions(server.instance, SMALL, {}, readMachine());
  await server.asDaemon(async (connection) => {
    await connection.query('SET GLOBAL wait_timeout = 60');
    const all = await readConfigurations(connection, {
      runtime: server.runtime,
      size: SMALL,
      defaults,
      overrides: { wait_timeout: '60', innodb_read_io_threads: '2' },
    });
    const named = (name: string) => all.find((configuration) => configuration.name === name);
    expect(named('wait_timeout')).toMatchObject({
      value: '60',
      currentValue: '60',
      defaultValue: '28800',
      source: 'user-override',
      isDynamic: true,
    });
    expect(named('innodb_read_io_threads')).toMatchObject({
      value: '2',
      currentValue: '1',
      defaultValue: '1',
      isDynamic: false,
      isPendingRestart: true,
    });
    expect(named('max_connections')).toMatchObject({ value: '171', dataType: 'Integer', allowedValues: '10-341' });
    expect(named('gtid_mode')).toMatchObject({ value: 'ON', isReadOnly: true });
    expect(
      all.filter(
        ({ isReadOnly, dataType, allowedValues }) => !isReadOnly && dataType === 'Enumeration' && !allowedValues,
      ),
    ).toEqual([]);
    // Asking which are dynamic changed nothing.
    expect(await rows(connection, 'SELECT @@GLOBAL.event_scheduler AS s')).toEqual([{ s: 'OFF' }]);
    await connection.query('SET GLOBAL wait_timeout = DEFAULT');
  });
});
