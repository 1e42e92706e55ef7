import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureAdministrator, setAdministratorPassword } from './administrator.ts';
import { rows, type Connection } from './client.ts';
import { createDatabase } from './databases.ts';
import { cachingSha2PasswordHash } from './password-hash.ts';
import { ADMINISTRATOR, startTestServer, type TestServer } from './testing.ts';

let server: TestServer;
let administrator: Connection;

beforeAll(async () => {
  server = await startTestServer();
  await server.asDaemon((connection) => createDatabase(connection, { name: 'shop' }));
  administrator = await server.asAdministrator();
});

afterAll(async () => {
  administrator?.destroy();
  await server?.remove();
});

describe('may', () => {
  test.each([
    'CREATE TABLE shop.t (id INT PRIMARY KEY)',
    // Without the clause a MEMORY table is refused in a database whose tables are encrypted: a documented difference.
    "CREATE TABLE shop.in_memory (id INT) ENGINE = MEMORY ENCRYPTION = 'N'",
    'CREATE TEMPORARY TABLE shop.passing (id INT) ENGINE = MEMORY',
    'CREATE DATABASE other',
    "CREATE USER reader IDENTIFIED BY 'Some-words-1'",
    'GRANT SELECT ON shop.* TO reader',
    'CREATE ROLE clerk',
    'GRANT clerk TO reader',
    'SELECT COUNT(*) FROM mysql.user',
    'SHOW BINARY LOGS',
    'SHOW PROCESSLIST',
    'FLUSH TABLES',
    'XA RECOVER',
    'SET SESSION binlog_row_image = FULL',
    'CREATE EVENT shop.e ON SCHEDULE EVERY 1 DAY DO SELECT 1',
    'CREATE FUNCTION shop.f() RETURNS INT RETURN 1',
    'DROP DATABASE other',
  ])('%s', async (sql) => {
    await administrator.query(sql);
  });
});

describe('may not', () => {
  const DENIED = /denied|Access/;
  test.each([
    ['FILE', "SELECT 1 INTO OUTFILE '/tmp/fd-out'", DENIED],
    ['FILE', "SELECT LOAD_FILE('/etc/passwd') IS NOT NULL AND 1 / 0", 'null'],
    ['FILE', "CREATE TABLE shop.away (id INT) DATA DIRECTORY = '/tmp'", /.+/],
    ['FILE', "LOAD DATA INFILE '/etc/passwd' INTO TABLE shop.in_memory", /denied|secure-file-priv/],
    ['SHUTDOWN', 'SHUTDOWN', DENIED],
    ['SHUTDOWN', 'RESTART', DENIED],
    ['SUPER', 'SET GLOBAL max_connections = 1000', DENIED],
    ['SUPER', 'SET PERSIST max_connections = 1000', DENIED],
    ['SUPER', 'GRANT SUPER ON *.* TO reader', DENIED],
    ['CREATE TABLESPACE', "CREATE TABLESPACE ts ADD DATAFILE 'ts.ibd'", DENIED],
    ['BACKUP_ADMIN', 'LOCK INSTANCE FOR BACKUP', DENIED],
    ['BACKUP_ADMIN', 'GRANT BACKUP_ADMIN ON *.* TO reader', DENIED],
    ['BINLOG_ADMIN', "PURGE BINARY LOGS TO 'binlog.000001'", DENIED],
    ['the keyring', 'ALTER INSTANCE ROTATE INNODB MASTER KEY', DENIED],
    ['plug-ins', "INSTALL PLUGIN clone SONAME 'mysql_clone.so'", DENIED],
    ['components', "INSTALL COMPONENT 'file://component_query_attributes'", DENIED],
    ['functions', "CREATE FUNCTION lock_it RETURNS INT SONAME 'locking_service.so'", DENIED],
    ['mysql', 'CREATE TABLE mysql.mine (id INT)', DENIED],
    ['mysql', "UPDATE mysql.user SET Super_priv = 'Y'", DENIED],
    ['mysql', 'DROP PROCEDURE mysql.az_kill', DENIED],
    ['mysql', 'DROP DATABASE mysql', DENIED],
    ['sys', 'DROP VIEW sys.version', DENIED],
    ['MyISAM', 'CREATE TABLE shop.m (id INT) ENGINE = MyISAM', /disabled|Unknown/],
    ['ARCHIVE', 'CREATE TABLE shop.m (id INT) ENGINE = ARCHIVE', /disabled|Unknown/],
    ["the daemon's account", 'DROP USER flexdeck@localhost', /definer account/],
    ["the daemon's account", "ALTER USER flexdeck@localhost IDENTIFIED BY 'Mine-now-1'", DENIED],
    ["the daemon's account", "SET PASSWORD FOR flexdeck@localhost = 'Mine-now-1'", DENIED],
    ["the daemon's account", 'RENAME USER flexdeck@localhost TO me@localhost', DENIED],
    ["the daemon's account", 'REVOKE ALL ON *.* FROM flexdeck@localhost', DENIED],
    ["the daemon's account", `GRANT flexdeck@localhost TO ${ADMINISTRATOR.login}`, DENIED],
    ["the daemon's name", 'CREATE DEFINER = flexdeck@localhost PROCEDURE shop.p() SELECT 1', DENIED],
  ])('%s: %s', async (_, sql, refusal) => {
    if (refusal === 'null') {
      const [found] = (await rows<Record<string, unknown>>(administrator, sql)) as [Record<string, unknown>];
      expect(Object.values(found)).toEqual([0]);
    } else {
      await expect(administrator.query(sql)).rejects.toThrow(refusal as RegExp);
    }
  });
});

test('az_kill ends other sessions, but not the daemon’s', async () => {
  const other = await server.asAdministrator();
  const ended = new Promise((resolve) => other.on('error', resolve));
  await administrator.query('CALL mysql.az_kill(?)', [other.threadId]);
  expect(await ended).toBeDefined();
  await server.asDaemon(async (daemon) => {
    for (const procedure of ['az_kill', 'az_kill_query']) {
      await expect(administrator.query(`CALL mysql.${procedure}(?)`, [daemon.threadId])).rejects.toThrow(/not owner/);
    }
    expect(await rows(daemon, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

test('az_load_timezone fills the tables of time zones, which are empty before', async () => {
  const summer = "SELECT CAST(CONVERT_TZ('2024-07-01 12:00', 'UTC', 'Europe/Amsterdam') AS CHAR) AS there";
  expect(await rows(administrator, summer)).toEqual([{ there: null }]);
  await administrator.query('CALL mysql.az_load_timezone()');
  await administrator.query('CALL mysql.az_load_timezone()');
  expect(await rows(administrator, summer)).toEqual([{ there: '2024-07-01 14:00:00' }]);
});

test('ensuring the administrator again changes nothing but the password', async () => {
  const grants = () => rows(administrator, 'SHOW GRANTS');
  const before = await grants();
  const authenticationHash = cachingSha2PasswordHash('Another-word-2');
  await server.asDaemon((connection) => ensureAdministrator(connection, { login: 'boss', authenticationHash }));
  expect(await grants()).toEqual(before);
  await expect(server.asAdministrator()).rejects.toThrow(/Access denied/);
  (await server.asAdministrator({ password: 'Another-word-2' })).destroy();
});

test.each(['ä€😀 and spaces', 'x'.repeat(128), '\\\'"`%_;'])('the password %j signs in', async (password) => {
  const authenticationHash = cachingSha2PasswordHash(password);
  await server.asDaemon((connection) => setAdministratorPassword(connection, { login: 'boss', authenticationHash }));
  (await server.asAdministrator({ password })).destroy();
});
