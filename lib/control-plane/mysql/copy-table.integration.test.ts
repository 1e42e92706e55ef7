import { afterAll, beforeAll, expect, test } from 'vitest';
import { rows, withLargeStatements, type Connection } from './client.ts';
import { copyTable, mayBeLarge } from './copy-table.ts';
import type { TableName } from './foreign-keys.ts';
import { instancePaths } from './instance.ts';
import { startTestServer, type TestServer } from './testing.ts';

/** A table goes from a restored server to the one that lost it, whatever is in it and however either is set. */

let restored: TestServer;
let source: TestServer;

beforeAll(async () => {
  [restored, source] = await Promise.all([startTestServer(), startTestServer()]);
  await restored.asDaemon((own) =>
    own.query("SET GLOBAL sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT', GLOBAL sql_select_limit = 2"),
  );
  await source.asDaemon((own) => own.query("SET GLOBAL time_zone = '+05:00', GLOBAL sql_require_primary_key = ON"));
});

afterAll(async () => {
  await Promise.all([restored?.remove(), source?.remove()]);
});

/** As statements of a client would do it. */
async function on(server: TestServer, ...statements: string[]): Promise<void> {
  await server.asDaemon(async (own) => {
    await own.query(
      "SET SESSION time_zone = '+00:00', SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES', SESSION sql_require_primary_key = OFF, SESSION sql_generate_invisible_primary_key = OFF",
    );
    for (const statement of statements) await own.query(statement);
  });
}

async function copy(name: TableName, target = name, overwrite = false): Promise<void> {
  await restored.asDaemon(async (from) => {
    const work = (to: Connection) =>
      copyTable(from, name, to, target, { overwrite, suffix: '0a1b2c3d_0', signal: new AbortController().signal });
    const { socket } = instancePaths(source.instance);
    await ((await mayBeLarge(from, name)) ? withLargeStatements(socket, work) : source.asDaemon(work));
  });
}

function ask<Row>(server: TestServer, sql: string): Promise<Row[]> {
  return server.asDaemon(async (own) => {
    await own.query("SET SESSION time_zone = '+00:00', SESSION sql_mode = ''");
    return rows<Row>(own, sql);
  });
}

const left = () => ask(source, "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'recovering%'");

test('every value is the same there, whatever its type, and whatever the servers’ parameters', async () => {
  await on(
    restored,
    'CREATE DATABASE shop',
    `CREATE TABLE shop.kinds (
       id INT AUTO_INCREMENT PRIMARY KEY, at TIMESTAMP(6) NULL, day DATE, moment DATETIME, span TIME(3), f FLOAT, d DOUBLE,
       de DECIMAL(30, 10), bits BIT(9), one ENUM('a', 'b'), some SET('x', 'y'), bytes VARBINARY(20),
       latin VARCHAR(20) CHARACTER SET latin1, japanese VARCHAR(20) CHARACTER SET cp932, wide VARCHAR(20) CHARACTER SET utf16,
       "here" GEOMETRY SRID 4326, hidden INT INVISIBLE DEFAULT 3, made INT AS (hidden * 2) STORED, again INT AS (hidden * 3) VIRTUAL,
       later VARCHAR(36) DEFAULT (uuid()), CHECK (hidden >= 0), KEY (again))`.replaceAll('"', '`'),
    `INSERT INTO shop.kinds (id, at, day, moment, f, d, de, bits, one, some, bytes, latin, japanese, wide, \`here\`, hidden)
       VALUES (0, '2026-03-29 01:30:00.123456', '0000-00-00', '2026-02-31 00:00:00', 0.1, 1e308, 12345678901234567890.0123456789,
         b'101010101', 'nonsense', 'x,y', x'00ff27', _latin1 x'80e481', _cp932 x'815c8160fa54', '🦉', ST_GeomFromText('POINT(1 2)', 4326), 7),
       (5, '1970-01-01 00:00:01', NULL, NULL, -3.4e38, 2.2250738585072014e-308, 0, b'0', 'a', '', '', '', '', '', NULL, NULL),
       (6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
    'CREATE TABLE shop.papers (paper JSON, text LONGTEXT, more LONGTEXT)',
    // More than one statement of either server may be.
    `INSERT INTO shop.papers VALUES (JSON_OBJECT('n', 1.5), repeat('🦉', 2 << 20), repeat('x', 12 << 20)), (NULL, NULL, '')`,
  );
  for (const table of ['kinds', 'papers']) await copy({ database: 'shop', table });
  const sql = 'CHECKSUM TABLE shop.kinds, shop.papers';
  expect(await ask(source, sql)).toEqual(await ask(restored, sql));
  expect(await ask(source, 'SELECT id, unix_timestamp(at) AS at FROM shop.kinds')).toEqual([
    { id: 0, at: '1774747800.123456' },
    { id: 5, at: '1.000000' },
    { id: 6, at: null },
  ]);
  expect(await left()).toEqual([]);
  expect(await ask(source, 'SELECT @@GLOBAL.max_allowed_packet AS bytes')).toEqual([{ bytes: 16 * 1024 ** 2 }]);
});

test('names may be whatever MySQL takes', async () => {
  const database = 'a`b$&$1$$ c';
  const table = `${'`'.repeat(10)}$&${'ü'.repeat(52)}`;
  const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;
  const name = `${quoted(database)}.${quoted(table)}`;
  await on(
    restored,
    `CREATE DATABASE ${quoted(database)}`,
    `CREATE TABLE ${name} (\`a\`\`$&\` INT PRIMARY KEY) COMMENT 'CONSTRAINT \`x\` FOREIGN KEY $&'`,
    `INSERT INTO ${name} VALUES (1)`,
    `CREATE TRIGGER ${quoted(database)}.\`t\`\`$&\` BEFORE INSERT ON ${name} FOR EACH ROW SET new.\`a\`\`$&\` = 9`,
  );
  await copy({ database, table });
  await source.asDaemon((own) => own.query(`INSERT INTO ${name} VALUES (2)`));
  expect(await ask(source, `SELECT * FROM ${name}`)).toEqual([{ 'a`$&': 1 }, { 'a`$&': 9 }]);
});

const FAMILY = [
  'CREATE DATABASE family',
  'CREATE TABLE family.parents (id INT PRIMARY KEY, boss INT, CONSTRAINT of_boss FOREIGN KEY (boss) REFERENCES parents (id))',
  'CREATE TABLE family.children (id INT PRIMARY KEY, parent INT, CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE)',
  'INSERT INTO family.parents VALUES (1, NULL), (2, 1)',
  'INSERT INTO family.children VALUES (10, 1), (20, 2)',
];

test('a table that is replaced keeps who refers to it, and whom it refers to; a copy beside it refers to nobody', async () => {
  await on(restored, ...FAMILY);
  await on(source, ...FAMILY, 'INSERT INTO family.parents VALUES (3, 2)');
  await copy({ database: 'family', table: 'parents' }, undefined, true);
  const keys = `SELECT constraint_name AS name, table_name AS child, referenced_table_name AS parent
                  FROM information_schema.referential_constraints WHERE constraint_schema = 'family' ORDER BY 1`;
  const expected = [
    { name: 'of_boss', child: 'parents', parent: 'parents' },
    { name: 'of_parent', child: 'children', parent: 'parents' },
  ];
  expect(await ask(source, keys)).toEqual(expected);
  await expect(on(source, 'INSERT INTO family.children VALUES (30, 3)')).rejects.toThrow(
    /foreign key constraint fails/,
  );
  await expect(on(source, 'INSERT INTO family.parents VALUES (4, 3)')).rejects.toThrow(/foreign key constraint fails/);
  await on(source, 'INSERT INTO family.children VALUES (30, 2)');

  await copy({ database: 'family', table: 'children' }, { database: 'family', table: 'children_then' });
  expect(await ask(source, keys)).toEqual(expected);
  await on(source, 'DELETE FROM family.parents WHERE id = 2');
  expect(await ask(source, 'SELECT id FROM family.children ORDER BY id')).toEqual([{ id: 10 }]);
  expect(await ask(source, 'SELECT id FROM family.children_then ORDER BY id')).toEqual([{ id: 10 }, { id: 20 }]);

  // A daemon that died right after the two had changed places goes on from there.
  await on(
    source,
    'SET foreign_key_checks = OFF',
    'RENAME TABLE family.parents TO family.recovering_0a1b2c3d_0_old',
    'CREATE TABLE family.parents LIKE family.recovering_0a1b2c3d_0_old',
    'INSERT INTO family.parents VALUES (1, NULL)',
  );
  await copy({ database: 'family', table: 'parents' }, undefined, true);
  expect(await ask(source, keys)).toEqual(expected);
  expect(await left()).toEqual([]);

  // One that is there already, as it is to be, is nobody else's.
  await copy({ database: 'family', table: 'children' }, { database: 'family', table: 'children_then' });
  await on(source, 'DELETE FROM family.children_then WHERE id = 10');
  await expect(
    copy({ database: 'family', table: 'children' }, { database: 'family', table: 'children_then' }),
  ).rejects.toThrow(/There is a table family.children_then already/);
  expect(await left()).toEqual([]);
});
