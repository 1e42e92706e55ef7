import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rows, type Connection } from '../mysql/client.ts';
import { instancePaths } from '../mysql/instance.ts';
import { startTestServer, type TestServer } from '../mysql/testing.ts';
import { openControlDatabase, type Database } from '../store/database.ts';
import { insertFullBackup, listFullBackups, updateFullBackup } from '../store/full-backups.ts';
import { listLogChains } from '../store/log-chains.ts';
import { listLogSegments } from '../store/log-segments.ts';
import { insertServer } from '../store/servers.ts';
import { until } from '../testing/daemon.ts';
import { SmallDisk } from '../testing/small-disk.ts';
import { Archiver } from './archiver.ts';
import { purgeBinlogs } from './binlog-purge.ts';
import { GtidSet } from '../mysql/gtid-set.ts';
import { readTransactions } from './segment-reader.ts';
import { storePaths, type StorePaths } from './store-layout.ts';

/** Faults of the archive alone: a real mysqld and a real store, no daemon. */

const SERVER = 'served';
const DAY_MS = 24 * 3_600_000;
const KEY = Buffer.alloc(32, 7);

let server: TestServer;
let home: string;
let database: Database;
let paths: StorePaths;
let archiver: Archiver;
/** Whose log it is; undefined: nobody's, its mysqld is dead. */
let instanceId: string | undefined = 'one';
let ahead = 0;
let ids = 0;

beforeAll(async () => {
  server = await startTestServer();
  await sql('CREATE DATABASE shop');
  await sql('CREATE TABLE shop.rows_of (n INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(2000))');
  home = mkdtempSync('/tmp/fd-arch-');
  paths = storePaths(home, 'westeurope', SERVER);
});

afterAll(async () => {
  await server?.remove();
  rmSync(home, { recursive: true, force: true });
});

beforeEach(async () => {
  instanceId = 'one';
  ahead = 0;
  mkdirSync(home, { recursive: true });
  database = openControlDatabase(join(home, 'control.db'));
  const place = { subscriptionId: 's', resourceGroup: 'g', name: SERVER, location: 'westeurope' };
  const server = { id: SERVER, ...place, intent: {} as never, state: 'Ready' as const };
  insertServer(database, server, { block: '127.83.5', now: 0 });
  archiver = begin();
  await caughtUp();
});

afterEach(async () => {
  await archiver.stop();
  database.close();
  for (const name of readdirSync(home)) rmSync(join(home, name), { recursive: true, force: true });
});

function begin(): Archiver {
  return new Archiver({
    database,
    clock: { now: () => Date.now() + ahead },
    log: pino({ level: 'silent' }),
    serverId: SERVER,
    paths,
    key: KEY,
    newId: () => `id-${(ids += 1)}`,
    source: () =>
      instanceId === undefined
        ? undefined
        : { instanceId, mysqlServerId: 7, socket: instancePaths(server.instance).socket },
    segmentMs: () => 3_600_000,
    bigChangeRows: () => 1000,
  });
}

function sql(text: string): Promise<unknown> {
  return server.asDaemon((connection) => connection.query(text));
}

/** So many transactions. @param source whose they are. */
async function write(count: number, source?: string): Promise<void> {
  await server.asDaemon(async (connection) => {
    for (let done = 0; done < count; done++) {
      if (source) await connection.query(`SET SESSION gtid_next = '${source}:${done + 1}'`);
      await connection.query("INSERT INTO shop.rows_of (text) VALUES (repeat('x', 1000))");
    }
  });
}

async function executed(connection: Connection): Promise<GtidSet> {
  const [row] = await rows<{ all: string }>(connection, 'SELECT @@GLOBAL.gtid_executed AS `all`');
  return GtidSet.parse(row!.all);
}

/** All that the server has executed is archived. */
async function caughtUp(): Promise<void> {
  const all = await server.asDaemon(executed);
  await until(30_000, () => (archiver.chainId !== undefined && archiver.has(all)) || undefined);
}

/** The open chain's files hold every transaction since its beginning once, at rising moments, and the server's last. */
async function expectWhole(): Promise<{ transactions: number }> {
  await archiver.flush();
  const chain = listLogChains(database, SERVER).find(({ endedAt }) => endedAt === null)!;
  const segments = listLogSegments(database, SERVER).filter(({ chainId }) => chainId === chain.id);
  const found = GtidSet.parse(chain.startGtids);
  let before = chain.startGtids;
  let moment = chain.startedAt;
  let transactions = 0;
  for (const segment of segments) {
    expect(segment).toMatchObject({ state: 'closed', gtidsBefore: before });
    for await (const one of readTransactions(paths.segment(segment.id), KEY, segment)) {
      if (one.to > segment.plainBytes) break;
      expect(found.has(one.source, one.number)).toBe(false);
      expect(one.moment).toBeGreaterThan(moment);
      moment = one.moment;
      found.add(one.source, one.number);
      transactions += 1;
    }
    expect(found.toString()).toBe(segment.gtidsAfter);
    before = segment.gtidsAfter!;
  }
  expect(found.toString()).toBe((await server.asDaemon(executed)).toString());
  return { transactions };
}

const chains = () => listLogChains(database, SERVER);

describe('goes on without a gap', () => {
  test('when mysqld is killed while it writes', async () => {
    const writing = write(100_000).catch(() => {});
    await until(10_000, () => (archiver.status().open?.transactions ?? 0) > 50 || undefined);
    instanceId = undefined;
    await server.kill();
    await writing;
    // Whatever becomes of the server: what came over is closed, and can be restored.
    await until(10_000, () => archiver.status().open === undefined || undefined);
    expect(listLogSegments(database, SERVER).every(({ state }) => state === 'closed')).toBe(true);
    await server.start();
    instanceId = 'one';
    await write(3);
    await caughtUp();
    expect((await expectWhole()).transactions).toBeGreaterThan(50);
    expect(chains()).toHaveLength(1);
  });

  test('after its own death, wherever it was, and closes what it left without the server', async () => {
    await write(20);
    await caughtUp();
    // What a dead one leaves: a segment that is open in the store, with no end in its file.
    const left = `${home}-left`;
    mkdirSync(left);
    database.exec(`VACUUM INTO '${join(left, 'control.db')}'`);
    cpSync(join(home, 'backups'), join(left, 'backups'), { recursive: true });
    await archiver.stop();
    database.close();
    for (const name of readdirSync(home)) rmSync(join(home, name), { recursive: true });
    cpSync(left, home, { recursive: true });
    rmSync(left, { recursive: true });
    database = openControlDatabase(join(home, 'control.db'));
    expect(listLogSegments(database, SERVER).at(-1)).toMatchObject({ state: 'open' });

    instanceId = undefined;
    archiver = begin();
    await until(10_000, () => listLogSegments(database, SERVER).at(-1)?.state === 'closed' || undefined);
    expect(listLogSegments(database, SERVER).at(-1)).toMatchObject({ transactions: 20 });
    instanceId = 'one';
    await write(2);
    await caughtUp();
    expect(await expectWhole()).toEqual({ transactions: 22 });
    expect(chains()).toHaveLength(1);
  });

  test.skipIf(!SmallDisk.isPossible())(
    'when its store was full: the server writes on, people are told, and nothing is missing afterwards',
    async () => {
      await write(5);
      await caughtUp();
      await archiver.stop();
      await using disk = await SmallDisk.around(join(home, 'backups'), 64);
      archiver = begin();
      await write(5);
      await caughtUp();
      disk.fill();
      await write(300);
      const reason = 'The backup store is full. Make room on its disk.';
      await until(10_000, () => archiver.status().reason === reason || undefined);
      // The open segment cannot be closed either, and is not said to be whole.
      await archiver.flush().catch(() => {});
      ahead = 6000;
      await until(5000, () => archiver.status().state === 'Broken' || undefined);
      const covered = archiver.status().coveredUntil!;
      await write(50);
      expect(archiver.status()).toMatchObject({ reason, coveredUntil: covered });
      disk.empty();
      await caughtUp();
      await until(10_000, () => archiver.status().state === 'Archiving' || undefined);
      expect(await expectWhole()).toEqual({ transactions: 360 });
      expect(chains()).toHaveLength(1);
      await archiver.stop();
    },
  );

  test('when the clock jumps ahead and back', async () => {
    await write(2);
    await caughtUp();
    const covered: number[] = [];
    for (const jump of [10 * DAY_MS, -10 * DAY_MS, 0]) {
      ahead = jump;
      await write(2);
      await caughtUp();
      await archiver.flush();
      covered.push(archiver.status().coveredUntil!);
    }
    expect(covered).toEqual(covered.toSorted((one, other) => one - other));
    expect(await expectWhole()).toEqual({ transactions: 8 });
    expect(chains()).toHaveLength(1);
  });

  test('when the instance was made anew: its data came without the log', async () => {
    await write(5);
    await caughtUp();
    await archiver.stop();
    const all = await server.asDaemon(executed);
    // As CLONE leaves it.
    await sql('RESET BINARY LOGS AND GTIDS');
    await sql(`SET GLOBAL gtid_purged = '${all.toString()}'`);
    await write(3);
    archiver = begin();
    await caughtUp();
    expect(await expectWhole()).toEqual({ transactions: 8 });
    expect(chains()).toHaveLength(1);
  });

  test('when the new primary has not what the old one never acknowledged', async () => {
    await write(5);
    await archiver.flush();
    const acknowledged = await server.asDaemon(executed);
    await write(2);
    await caughtUp();
    await archiver.flush();
    await write(2);
    await caughtUp();
    await becomeAnother(acknowledged);
    await write(3, 'bbbbbbbb-0000-0000-0000-000000000002');
    archiver = begin();
    await caughtUp();
    expect(await expectWhole()).toEqual({ transactions: 8 });
    expect(chains()).toHaveLength(1);
  });
});

/** The server is another instance, which has only that. */
async function becomeAnother(acknowledged: GtidSet): Promise<void> {
  await archiver.stop();
  await sql('RESET BINARY LOGS AND GTIDS');
  await sql(`SET GLOBAL gtid_purged = '${acknowledged.toString()}'`);
  instanceId = 'two';
}

describe('begins anew, and says so', () => {
  async function expectAnew(reason: RegExp): Promise<void> {
    await until(30_000, () => chains().length === 2 || undefined);
    expect(chains()[0]!.endReason).toMatch(reason);
    await write(2);
    await caughtUp();
    await expectWhole();
    expect(chains()).toHaveLength(2);
    await until(10_000, () => archiver.status().state === 'Archiving' || undefined);
  }

  test('when the log was reset', async () => {
    await write(3);
    await caughtUp();
    await sql('RESET BINARY LOGS AND GTIDS');
    await write(3);
    await expectAnew(/was reset/);
  });

  test('when the log was reset while nobody looked, and other transactions have the same GTIDs', async () => {
    await write(3);
    await caughtUp();
    await archiver.stop();
    await sql('RESET BINARY LOGS AND GTIDS');
    const was = GtidSet.parse(listLogSegments(database, SERVER).at(-1)!.gtidsAfter!);
    await write(was.count() + 3);
    archiver = begin();
    await expectAnew(/was reset/);
  });

  test('when a part of the log was removed while nobody looked', async () => {
    await write(3);
    await caughtUp();
    await archiver.stop();
    await write(3);
    await sql('FLUSH BINARY LOGS');
    const [status] = await server.asDaemon((it) => rows<{ File: string }>(it, 'SHOW BINARY LOG STATUS'));
    await sql(`PURGE BINARY LOGS TO '${status!.File}'`);
    archiver = begin();
    await expectAnew(/was removed before it was archived/);
  });

  test('when a full backup has what was never acknowledged', async () => {
    await write(3);
    await caughtUp();
    const acknowledged = await server.asDaemon(executed);
    await write(2);
    await caughtUp();
    const all = (await server.asDaemon(executed)).toString();
    insertFullBackup(database, {
      id: 'full',
      serverId: SERVER,
      name: 'full',
      source: 'Manual',
      version: '',
      startedAt: 0,
    });
    const chainId = archiver.chainId!;
    updateFullBackup(database, 'full', { state: 'Succeeded', chainId, gtidsAtStart: all, moment: 1 });
    await becomeAnother(acknowledged);
    await write(3, 'bbbbbbbb-0000-0000-0000-000000000003');
    archiver = begin();
    await expectAnew(/was reset/);
    expect(listFullBackups(database, SERVER)).toHaveLength(1);
  });

  test('when a file of the log cannot be read', async () => {
    await write(3);
    await caughtUp();
    await archiver.stop();
    await sql('FLUSH BINARY LOGS');
    await write(50);
    const [status] = await server.asDaemon((it) =>
      rows<{ File: string; Position: number }>(it, 'SHOW BINARY LOG STATUS'),
    );
    await sql('FLUSH BINARY LOGS');
    const file = await open(server.file(status!.File), 'r+');
    await file.write(Buffer.alloc(4096, 0xff), 0, 4096, Math.floor(status!.Position / 2));
    await file.close();
    archiver = begin();
    await expectAnew(/cannot be read/);
  });
});

describe('the server’s binary log', () => {
  const files = () =>
    server.asDaemon(async (it) =>
      (await rows<{ Log_name: string }>(it, 'SHOW BINARY LOGS')).map((row) => row.Log_name),
    );

  /** With what is archived in closed files, and these. */
  function purge(...others: GtidSet[]): Promise<string | undefined> {
    const last = listLogSegments(database, SERVER).findLast(({ state }) => state === 'closed')!;
    return server.asDaemon((connection) =>
      purgeBinlogs(connection, {
        holders: [GtidSet.parse(last.gtidsAfter!), ...others],
        keepFrom: last.sourceFile,
        dataDirectory: instancePaths(server.instance).dataDirectory,
        now: Date.now() + ahead,
      }),
    );
  }

  test('is removed once it is archived and on the standby, and never before', async () => {
    await write(2);
    const standby = await server.asDaemon(executed);
    await sql('FLUSH BINARY LOGS');
    await write(2);
    await sql('FLUSH BINARY LOGS');
    await write(2);
    await caughtUp();
    await archiver.flush();
    const before = await files();
    const [reached, between, newest] = before.slice(-3);

    expect(await purge(standby)).toBe(between);
    expect(await files()).toEqual([between, newest]);
    expect(reached).not.toBe(between);
    expect(await purge(standby)).toBeUndefined();

    await sql('SET GLOBAL binlog_expire_logs_seconds = 3600');
    expect(await purge()).toBeUndefined();
    ahead = 2 * 3_600_000;
    expect(await purge()).toBe(newest);
    ahead = 0;
    await sql('SET GLOBAL binlog_expire_logs_seconds = 0');

    // Nobody archives: it stays, however long that takes.
    await archiver.stop();
    for (let file = 0; file < 3; file++) {
      await write(2);
      await sql('FLUSH BINARY LOGS');
    }
    expect(await purge()).toBeUndefined();
    archiver = begin();
    await caughtUp();
    await archiver.flush();
    expect(await purge()).toBeDefined();
    await archiver.stop();
    archiver = begin();
    await write(1);
    await caughtUp();
    expect(await expectWhole()).toEqual({ transactions: 13 });
    expect(chains()).toHaveLength(1);
  });
});
