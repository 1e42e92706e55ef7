import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { BackupTimeline } from '../../arm/local/backup.ts';
import { openControlDatabase } from '../store/database.ts';
import { readPrimary } from '../store/instances.ts';
import { findServerByName } from '../store/servers.ts';
import {
  destroyHome,
  makeHome,
  processesOf,
  startDaemon,
  until,
  type ArmAnswer,
  type TestDaemon,
} from '../testing/daemon.ts';

/** `FLEXDECK_RESTORES=100`: to how many random transactions the checker restores. */
const RESTORES = Number(process.env.FLEXDECK_RESTORES ?? 1);
const AT_ONCE = 3;
const TRANSACTIONS = Math.max(52, RESTORES);
const PASSWORD = 'Correct-horse-1';
const LIMIT = 240_000 + RESTORES * 30_000;

const home = makeHome();
let daemon: TestDaemon;
let group: string;
/** What the source held after each of its transactions. */
const states: { at: string; checksum: string }[] = [];

beforeAll(async () => {
  daemon = await startDaemon({ home });
  group = `/subscriptions/${daemon.ready.subscriptionId}/resourceGroups/backups`;
  await daemon.arm('PUT', `${group}?api-version=2021-04-01`, { location: 'westeurope' });
  await succeed(
    await daemon.arm('PUT', idOf('source'), {
      location: 'westeurope',
      sku: { name: 'Standard_B1ms', tier: 'Burstable' },
      properties: { administratorLogin: 'boss', administratorLoginPassword: PASSWORD, storage: { storageSizeGB: 20 } },
    }),
  );
  const rule = { properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' } };
  await succeed(await daemon.arm('PUT', `${idOf('source')}/firewallRules/here`, rule));
  await until(60_000, async () => (await timeline()).fullBackups[0]?.state === 'Succeeded' || undefined);
}, 120_000);

afterAll(async () => {
  if (process.env.FLEXDECK_KEEP_LOGS) console.log(readFileSync(join(home, 'daemon.log'), 'utf8'));
  await destroyHome(home);
});

const idOf = (name: string) => `${group}/providers/Microsoft.DBforMySQL/flexibleServers/${name}`;
const local = (name: string, part: string) =>
  `${idOf(name)}/providers/Flexdeck.Local/${part}?api-version=${FLEXDECK_LOCAL_VERSION}`;

async function succeed(answer: ArmAnswer): Promise<void> {
  expect(await daemon.ended(answer)).toMatchObject({ status: 'Succeeded' });
}

async function timeline(): Promise<BackupTimeline['properties']> {
  const { body } = await daemon.arm('GET', local('source', 'backupTimeline'));
  return (body as BackupTimeline).properties;
}

function restore(name: string, restorePointInTime?: string): Promise<ArmAnswer> {
  return daemon.arm('PUT', idOf(name), {
    location: 'westeurope',
    properties: {
      createMode: 'PointInTimeRestore',
      sourceServerResourceId: idOf('source'),
      ...(restorePointInTime && { restorePointInTime }),
    },
  });
}

async function connect(name: string): Promise<Connection> {
  const { body } = await daemon.arm('GET', idOf(name));
  return createConnection({
    host: body.properties.fullyQualifiedDomainName,
    port: body.properties.databasePort ?? 3306,
    user: 'boss',
    password: PASSWORD,
    ssl: { ca: readFileSync(daemon.ready.caFile) },
    multipleStatements: true,
    dateStrings: true,
  });
}

async function ask(connection: Connection, sql: string): Promise<Record<string, string>[]> {
  const [found] = await connection.query<RowDataPacket[]>(sql);
  return found as Record<string, string>[];
}

/** A distributed transaction that changes `shop.prepared` and waits for its end. */
async function prepare(name: string, id: number): Promise<void> {
  const own = await connect('source');
  await own.query(
    `XA START '${name}'; INSERT INTO shop.prepared VALUES (${id}); XA END '${name}'; XA PREPARE '${name}'`,
  );
  own.destroy();
}

/** All that there is in the server, told in one line: tables with their checksums, triggers, events, routines. */
async function checksumOf(connection: Connection): Promise<string> {
  const theirs = `NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')`;
  const tables = await ask(
    connection,
    `SELECT concat('\`', table_schema, '\`.\`', table_name, '\`') AS name FROM information_schema.tables
      WHERE table_schema ${theirs} AND table_type = 'BASE TABLE' ORDER BY 1`,
  );
  const sums =
    tables.length === 0 ? [] : await ask(connection, `CHECKSUM TABLE ${tables.map(({ name }) => name).join(', ')}`);
  const others = await ask(
    connection,
    `SELECT concat_ws('.', 'trigger', trigger_schema, trigger_name, action_statement) AS name
       FROM information_schema.triggers WHERE trigger_schema ${theirs}
     UNION SELECT concat_ws('.', 'event', event_schema, event_name, status, event_definition) FROM information_schema.events
     UNION SELECT concat_ws('.', 'routine', routine_schema, routine_name, routine_definition)
       FROM information_schema.routines WHERE routine_schema ${theirs}
     UNION SELECT concat_ws('.', 'view', table_schema, table_name, view_definition)
       FROM information_schema.views WHERE table_schema ${theirs}
     UNION SELECT concat_ws('.', 'column', table_schema, table_name, column_name, column_type, generation_expression)
       FROM information_schema.columns WHERE table_schema ${theirs}
     UNION SELECT concat_ws('.', 'partition', table_schema, table_name, partition_name)
       FROM information_schema.partitions WHERE table_schema ${theirs} AND partition_name IS NOT NULL
     UNION SELECT concat_ws('.', 'account', user, host, hex(authentication_string)) FROM mysql.user
       WHERE user LIKE 'user\\_%'
     ORDER BY 1`,
  );
  return [...sums.map(({ Table, Checksum }) => `${Table}=${Checksum}`), ...others.map(({ name }) => name)].join(' ');
}

/** Every kind of change that a log can hold, by a number that tells what and how much. */
const CHANGES: ((number: number) => string)[] = [
  (n) => `INSERT INTO shop.orders (customer, cents) VALUES ('c${n}', ${n}), ('d${n}', ${n * 2})`,
  (n) => `UPDATE shop.orders SET cents = cents + ${n} WHERE id % 3 = 0`,
  (n) => `DELETE FROM shop.orders WHERE id % 17 = ${n % 17}`,
  (n) => `INSERT INTO shop.no_key VALUES (${n}, repeat('x', ${n})), (${n}, repeat('x', ${n}))`,
  (n) => `DELETE FROM shop.no_key WHERE a < ${n - 10} LIMIT 1`,
  (n) =>
    `INSERT INTO stock.items (name, data) VALUES ('i${n}', JSON_OBJECT('n', ${n})) ON DUPLICATE KEY UPDATE data = JSON_SET(data, '$.n', ${n})`,
  (n) =>
    `BEGIN; INSERT INTO shop.orders (customer, cents) VALUES ('both', ${n}); INSERT INTO stock.items (name) VALUES ('both${n}'); COMMIT`,
  (n) =>
    `INSERT INTO shop.orders (customer, cents) WITH RECURSIVE r AS (SELECT 1 i UNION ALL SELECT i + 1 FROM r WHERE i < 900) SELECT repeat('big', 100), i + ${n} FROM r`,
  (n) =>
    `CREATE TABLE stock.extra_${n} (id INT PRIMARY KEY, b BIT(9), e ENUM('a', 'b'), t TIMESTAMP(6) NULL, d DECIMAL(12, 4)) AS SELECT ${n} AS id`,
  (n) => `ALTER TABLE shop.orders ADD COLUMN extra_${n} INT DEFAULT ${n}`,
  (n) => `CREATE EVENT stock.event_${n} ON SCHEDULE EVERY 1 HOUR DISABLE DO DELETE FROM stock.items`,
  (n) =>
    `CREATE EVENT stock.hourly_${n} ON SCHEDULE EVERY 1 HOUR STARTS current_timestamp + INTERVAL 1 DAY DO DELETE FROM stock.items;
     CREATE EVENT stock.never_${n} ON SCHEDULE EVERY 1 DAY STARTS current_timestamp + INTERVAL 1 DAY DO DELETE FROM stock.items;
     ALTER EVENT stock.hourly_${n} COMMENT 'it runs'; ALTER EVENT stock.never_${n} DISABLE`,
  (n) => `CREATE DATABASE other_${n}; DROP DATABASE IF EXISTS other_${Math.abs(n - 30)}`,
  // An event of the log that is more than one packet of the protocol; and a transaction of very many rows.
  (n) => `REPLACE INTO shop.wide VALUES (${n % 2}, repeat('${n % 10}', 9 << 20), repeat('y', 9 << 20))`,
  (n) =>
    `INSERT INTO shop.many (text) WITH RECURSIVE r AS (SELECT 1 i UNION ALL SELECT i + 1 FROM r WHERE i < 200)
       SELECT concat(a.i, 'many', ${n}) FROM r a, r b`,
  () => `DELETE FROM shop.many`,
  (n) => `TRUNCATE shop.no_key; RENAME TABLE shop.no_key TO shop.none_${n}, shop.none_${n} TO shop.no_key`,
  (n) =>
    `BEGIN; INSERT INTO shop.customers VALUES (${n}); SAVEPOINT one; INSERT INTO shop.visits VALUES (${n}, ${n}); ROLLBACK TO one;
     INSERT INTO shop.visits SELECT id + 1000 * ${n}, id FROM shop.customers; COMMIT`,
  (n) => `DELETE FROM shop.customers WHERE id < ${n - 20}`,
  (n) =>
    `XA START 'xa${n}'; UPDATE stock.items SET seen = seen + 1; XA END 'xa${n}'; XA PREPARE 'xa${n}'; XA COMMIT 'xa${n}'`,
  (n) => `INSERT INTO shop.parts VALUES (${n}, ${n % 100}); ALTER TABLE shop.parts TRUNCATE PARTITION p${n % 2}`,
  (n) =>
    `CREATE PROCEDURE stock.do_${n}() UPDATE shop.orders SET cents = cents + 1 ORDER BY id LIMIT 5; CALL stock.do_${n}`,
  (n) => `CREATE OR REPLACE VIEW stock.newest AS SELECT * FROM shop.orders WHERE id > ${n}`,
  (n) =>
    `CREATE TEMPORARY TABLE stock.some SELECT id, cents FROM shop.orders LIMIT 7; INSERT INTO shop.no_key SELECT id, cents + ${n} FROM stock.some;
     DROP TEMPORARY TABLE stock.some`,
  (n) => `CREATE USER user_${n} IDENTIFIED BY 'Correct-horse-${n}'; GRANT SELECT ON shop.* TO user_${n}`,
  (n) =>
    `CREATE EVENT stock.once_${n} ON SCHEDULE AT current_timestamp DO INSERT INTO shop.no_key VALUES (${n}, uuid())`,
];

async function write(connection: Connection, number: number): Promise<void> {
  await connection.query(CHANGES[(number * 7) % CHANGES.length]!(number));
  // What the server does by itself is over, too.
  await until(10_000, async () => {
    const running = await ask(connection, `SELECT 1 FROM information_schema.events WHERE event_name LIKE 'once\\_%'`);
    return running.length === 0 || undefined;
  });
  const [row] = await ask(connection, `SELECT date_format(utc_timestamp(6), '%Y-%m-%dT%H:%i:%s.%fZ') AS at`);
  states.push({ at: row!.at!, checksum: await checksumOf(connection) });
}

function mysqldPid(): number {
  const database = openControlDatabase(join(home, 'control.db'));
  try {
    return readPrimary(database, findServerByName(database, 'source')!.id).process!.pid;
  } finally {
    database.close();
  }
}

test(
  'a server restored to any transaction holds exactly what the source held after it, whatever died meanwhile',
  async () => {
    await succeed(
      await daemon.arm('PUT', `${idOf('source')}/configurations/event_scheduler`, { properties: { value: 'ON' } }),
    );
    let source = await connect('source');
    await source.query(`
      SET SESSION sql_generate_invisible_primary_key = OFF;
      CREATE DATABASE shop; CREATE DATABASE stock;
      CREATE TABLE shop.orders (id INT PRIMARY KEY AUTO_INCREMENT, customer VARCHAR(400), cents BIGINT,
        euros DECIMAL(20, 2) AS (cents / 100) STORED, twice BIGINT AS (cents * 2) VIRTUAL, KEY (twice));
      CREATE TABLE shop.no_key (a INT, b TEXT);
      CREATE TABLE shop.wide (id INT PRIMARY KEY, one LONGTEXT, other LONGTEXT);
      CREATE TABLE shop.many (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(40), KEY (text));
      CREATE TABLE shop.customers (id INT PRIMARY KEY);
      CREATE TABLE shop.visits (id INT PRIMARY KEY, customer INT, FOREIGN KEY (customer) REFERENCES shop.customers (id) ON DELETE CASCADE);
      CREATE TABLE shop.parts (id INT, part INT, KEY (id)) PARTITION BY HASH (part) PARTITIONS 4;
      CREATE TABLE stock.items (name VARCHAR(50) PRIMARY KEY, data JSON, seen INT DEFAULT 0);
      CREATE TRIGGER shop.on_order AFTER INSERT ON shop.orders FOR EACH ROW
        INSERT INTO stock.items (name, seen) VALUES (left(new.customer, 5), 1) ON DUPLICATE KEY UPDATE seen = seen + 1;`);
    for (let number = 1; number <= TRANSACTIONS; number++) {
      if (number === Math.floor(TRANSACTIONS / 4)) {
        // Writers go on while the archiver is dead.
        await daemon.kill9();
        for (let more = 1000; more < 1005; more++) await write(source, more);
        daemon = await startDaemon({ home });
      }
      if (number === Math.floor(TRANSACTIONS / 2)) {
        expect((await daemon.arm('PUT', `${idOf('source')}/backups/middle`)).status).toBe(200);
        // From then on it leads somewhere, whatever becomes of the server.
        const { newestRestorePoint, fullBackups } = await timeline();
        expect(newestRestorePoint! >= fullBackups.find(({ name }) => name === 'middle')!.restorePoint!).toBe(true);
        const pid = mysqldPid();
        process.kill(pid, 'SIGKILL');
        await until(60_000, () =>
          connect('source').then(
            (again) => again.end().then(() => true),
            () => undefined,
          ),
        );
        source = await connect('source');
      }
      await write(source, number);
    }
    const first = (await timeline()).earliestRestorePoint!;
    const reachable = states.filter(({ at }) => at > first);
    expect(reachable.length).toBeGreaterThan(TRANSACTIONS / 2);
    const chosen = Array.from({ length: RESTORES }, () => reachable[Math.floor(Math.random() * reachable.length)]!);
    const wrong: unknown[] = [];
    const left = [...chosen.entries()];
    // Several at once from one source are in nobody's way.
    const restoreAll = async () => {
      for (let next = left.shift(); next; next = left.shift()) {
        const [index, { at, checksum }] = next;
        const name = `restored${index}`;
        await succeed(await restore(name, at));
        const restored = await connect(name);
        const found = await checksumOf(restored);
        if (found !== checksum) {
          wrong.push({ at, transaction: states.findIndex((one) => one.at === at), found, checksum });
        }
        await restored.end();
        await succeed(await daemon.arm('DELETE', idOf(name)));
        if (RESTORES > 1) console.log(`${index + 1} of ${RESTORES}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, restoreAll));
    expect(wrong).toEqual([]);
    await source.end();
  },
  LIMIT,
);

test(
  'a dropped table is on the timeline, and comes back by a restore to right before',
  async () => {
    const source = await connect('source');
    const before = await checksumOf(source);
    const lost = await ask(source, 'SELECT * FROM shop.orders ORDER BY id');
    await source.query('DROP TABLE shop.orders');
    const event = await until(10_000, async () =>
      (await timeline()).events.find(({ kind, table }) => kind === 'DropTable' && table === 'orders'),
    );
    expect(event).toMatchObject({ database: 'shop', severity: 'Danger' });
    await succeed(await restore('beside', event.restorePointBefore));
    const beside = await connect('beside');
    expect(await checksumOf(beside)).toBe(before);
    await beside.end();

    const compared = await daemon.arm('POST', local('source', 'compareTables'), {
      restoredServerResourceId: idOf('beside'),
      databases: ['shop'],
    });
    expect(compared.body.value).toContainEqual({
      database: 'shop',
      table: 'orders',
      rowsHere: null,
      rowsThere: lost.length,
    });
    const wanted = {
      restoredServerResourceId: idOf('beside'),
      tables: [{ database: 'shop', table: 'orders' }],
    };
    const planned = await daemon.arm('POST', `${local('source', 'recoverTables')}&validateOnly=true`, wanted);
    expect(planned.body.steps).toEqual(['Copy shop.orders from beside to shop.orders.']);
    await succeed(await daemon.arm('POST', local('source', 'recoverTables'), wanted));
    const beyond = (await timeline()).events.filter(({ kind }) => kind === 'Restored' || kind === 'Configuration');
    expect(beyond.map(({ statement }) => statement)).toEqual(
      expect.arrayContaining([
        'event_scheduler = ON (before: default)',
        `To the new server “beside”, as it was at ${event.restorePointBefore}.`,
        'Tables of a restored server: shop.orders',
      ]),
    );
    // Forty thousand rows at a time were written, and all of them deleted now and then.
    const deletes = (await timeline()).events.filter(({ kind, table }) => kind === 'BigDelete' && table === 'many');
    expect(deletes.length).toBeGreaterThan(0);
    for (const { rows, severity } of deletes) {
      expect([rows! > 0 && rows! % 40_000, severity]).toEqual([0, 'Danger']);
    }
    // What it took to bring it back is no event of its own.
    const { events } = await timeline();
    expect(events.filter(({ table, statement }) => `${table} ${statement}`.includes('recovering_'))).toEqual([]);
    expect(events.filter(({ at }) => at > event.at).map(({ kind }) => kind)).not.toContain('DropTable');
    expect(await ask(source, 'SELECT * FROM shop.orders ORDER BY id')).toEqual(lost);
    expect(await checksumOf(source)).toBe(before);

    // What is there stays unless it may be replaced; another name can be chosen.
    const present = await daemon.arm('POST', local('source', 'recoverTables'), wanted);
    expect(present.status).toBe(409);
    await source.query('DELETE FROM shop.orders');
    await succeed(await daemon.arm('POST', local('source', 'recoverTables'), { ...wanted, overwrite: true }));
    // Names count in whatever case they are written.
    const then = { database: 'shop', table: 'Orders', toDatabase: 'Stock', toTable: 'ORDERS_then' };
    await succeed(await daemon.arm('POST', local('source', 'recoverTables'), { ...wanted, tables: [then] }));
    expect(await ask(source, 'SELECT * FROM shop.orders ORDER BY id')).toEqual(lost);
    expect(await ask(source, 'SELECT * FROM stock.orders_then ORDER BY id')).toEqual(lost);
    await source.query('DROP TABLE stock.orders_then');

    // Distributed transactions that wait for their end, in a full backup and in the log after it, are in nobody's way.
    await source.query('CREATE TABLE shop.prepared (id INT PRIMARY KEY)');
    await prepare('early', 1);
    expect((await daemon.arm('PUT', `${idOf('source')}/backups/prepared`)).status).toBe(200);
    await prepare('late', 2);
    const [counted] = await ask(
      source,
      `SELECT count(*) AS tables FROM information_schema.tables WHERE table_type = 'BASE TABLE'
          AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')`,
    );
    await succeed(await daemon.arm('POST', local('source', 'verifyBackup')));
    const { lastVerification } = await timeline();
    expect(lastVerification).toMatchObject({ status: 'Succeeded', problem: null, endedAt: expect.any(String) });
    expect(lastVerification!.tablesChecked).toBe(Number(counted!.tables));
    expect(lastVerification!.rowsChecked).toBeGreaterThan(lost.length);
    await source.end();
    await succeed(await daemon.arm('DELETE', idOf('beside')));
  },
  LIMIT,
);

test(
  'a restore that is canceled leaves nothing behind, whether it unpacks or replays',
  async () => {
    const traces = () => [readdirSync(join(home, 'instances')).toSorted(), processesOf(home).length];
    const before = traces();
    for (const stage of ['Unpacking the full backup', 'Replaying the log']) {
      const begun = await restore('nevermind');
      await until(60_000, async () => {
        const { body } = await daemon.arm('GET', local('nevermind', 'restoreProgress'));
        expect(body.properties.status).toBe('InProgress');
        return body.properties.stage === stage || undefined;
      });
      expect((await daemon.arm('POST', local('nevermind', 'cancelRestore'))).status, stage).toBe(200);
      expect(await daemon.ended(begun)).toMatchObject({
        status: 'Canceled',
        error: { code: 'OperationCanceled', message: 'The restore was canceled.' },
      });
      expect((await daemon.arm('GET', idOf('nevermind'))).status).toBe(404);
      expect(traces()).toEqual(before);
    }
    const again = await daemon.arm('POST', local('nevermind', 'cancelRestore'));
    expect(again.status).toBe(404);
    const made = await daemon.arm('POST', local('source', 'cancelRestore'));
    expect(made).toMatchObject({ status: 404 });
  },
  LIMIT,
);

test(
  'a damaged full backup is named, and another way is found; damaged log is refused with the nearest moments',
  async () => {
    const store = readdirSync(join(home, 'backups', 'westeurope'))
      .map((server) => join(home, 'backups', 'westeurope', server))
      .find((path) => readdirSync(join(path, 'full')).length >= 2 && readdirSync(join(path, 'log')).length >= 2);
    expect(store).toBeDefined();
    const { fullBackups } = await timeline();
    expect(fullBackups.map(({ name }) => name)).toContain('prepared');
    const sizes = new Map(
      readdirSync(join(store!, 'full')).map((file) => [readFileSync(join(store!, 'full', file)).length, file]),
    );
    const file = sizes.get(fullBackups.find(({ name }) => name === 'prepared')!.sizeBytes)!;
    const bytes = readFileSync(join(store!, 'full', file));
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    writeFileSync(join(store!, 'full', file), bytes);

    await succeed(await restore('around'));
    const { body } = await daemon.arm('GET', local('around', 'restoreProgress'));
    expect(body.properties.note).toMatch(/is damaged at byte \d+/);
    const source = await connect('source');
    const around = await connect('around');
    expect(await checksumOf(around)).toBe(await checksumOf(source));
    await around.query("XA COMMIT 'early'; XA ROLLBACK 'late'");
    expect(await ask(around, 'SELECT id FROM shop.prepared')).toEqual([{ id: 1 }]);
    await around.end();
    await source.end();
    expect((await timeline()).fullBackups.find(({ name }) => name === 'prepared')).toMatchObject({ state: 'Damaged' });

    // Of the archived log nothing is left now but what comes from here on.
    for (const segment of readdirSync(join(store!, 'log'))) rmSync(join(store!, 'log', segment));
    const refused = await daemon.ended(await restore('nowhere', states.at(-1)!.at));
    expect(refused).toMatchObject({
      status: 'Failed',
      error: { code: 'RestorePointNotAvailable', message: expect.stringMatching(/is missing.*nearest that can be/s) },
    });
    expect((await daemon.arm('GET', idOf('nowhere'))).status).toBe(404);
  },
  LIMIT,
);

test(
  'a deleted server comes back with its last transaction',
  async () => {
    const source = await connect('source');
    expect((await daemon.arm('PUT', `${idOf('source')}/backups/last`)).status).toBe(200);
    await source.query('CREATE TABLE stock.very_last (id INT PRIMARY KEY)');
    const before = await checksumOf(source);
    await source.end();
    await succeed(await daemon.arm('DELETE', idOf('source')));
    const listed = await daemon.arm(
      'GET',
      `/subscriptions/${daemon.ready.subscriptionId}/providers/Flexdeck.Local/deletedServers?api-version=${FLEXDECK_LOCAL_VERSION}`,
    );
    expect(listed.body.value.map(({ name }: { name: string }) => name)).toContain('source');
    await succeed(await restore('source'));
    const rule = { properties: { startIpAddress: '127.0.0.1', endIpAddress: '127.0.0.1' } };
    await succeed(await daemon.arm('PUT', `${idOf('source')}/firewallRules/here`, rule));
    const back = await connect('source');
    expect(await checksumOf(back)).toBe(before);
    await back.query("XA COMMIT 'early'; XA COMMIT 'late'");
    expect(await ask(back, 'SELECT id FROM shop.prepared ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
    await back.end();
  },
  LIMIT,
);

test(
  'when a location is lost with its store, its pair has the server as it was copied there',
  async () => {
    const change = { properties: { backup: { geoRedundantBackup: 'Enabled' } } };
    await succeed(await daemon.arm('PATCH', idOf('source'), change));
    const source = await connect('source');
    await source.query('CREATE TABLE stock.copied (id INT PRIMARY KEY)');
    const before = await checksumOf(source);
    expect((await daemon.arm('PUT', `${idOf('source')}/backups/twofold`)).status).toBe(200);
    await source.end();
    await until(
      30_000,
      async () => (await timeline()).fullBackups.find(({ name }) => name === 'twofold')?.geoCopied || undefined,
    );
    // What is damaged here and whole there is brought back by whoever finds it.
    const { sizeBytes } = (await timeline()).fullBackups.find(({ name }) => name === 'twofold')!;
    const [id] = readdirSync(join(home, 'backups', 'northeurope'));
    const [here, there] = ['westeurope', 'northeurope'].map((location) => join(home, 'backups', location, id!, 'full'));
    const twofold = readdirSync(there!).find((file) => readFileSync(join(there!, file)).length === sizeBytes)!;
    const whole = readFileSync(join(there!, twofold));
    writeFileSync(join(here!, twofold), Buffer.from(whole).fill(7, 500, 600));
    await succeed(await daemon.arm('POST', local('source', 'verifyBackup')));
    expect(readFileSync(join(here!, twofold)).equals(whole)).toBe(true);

    const inPair = {
      location: 'northeurope',
      properties: { createMode: 'GeoRestore', sourceServerResourceId: idOf('source') },
    };
    rmSync(join(home, 'backups', 'westeurope'), { recursive: true });
    await succeed(await daemon.arm('PUT', idOf('elsewhere'), inPair));
    expect((await daemon.arm('GET', idOf('elsewhere'))).body.location).toMatch(/north ?europe/i);
    const elsewhere = await connect('elsewhere');
    expect(await checksumOf(elsewhere)).toBe(before);
    await elsewhere.end();
  },
  LIMIT,
);
