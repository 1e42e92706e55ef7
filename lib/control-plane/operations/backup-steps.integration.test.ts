import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DELETE_BACKUP_API_VERSION, MYSQL_API_VERSION } from '../../arm/api-versions.ts';
import { FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import type { BackupTimeline } from '../../arm/local/backup.ts';
import { storePaths } from '../backup/store-layout.ts';
import { findFullBackup, listFullBackups } from '../store/full-backups.ts';
import { listLogSegments } from '../store/log-segments.ts';
import { listOperationsInProgress } from '../store/operations.ts';
import { destroyHome, makeHome, until, type ArmAnswer } from '../testing/daemon.ts';
import { TestServers } from '../testing/servers.ts';
import { positionsOf } from '../testing/steps.ts';

const SECONDS = 1000;

const home = makeHome();
const servers = new TestServers(home);
/** Open while daemons come and go. */
let session: Connection;
let rowsWritten = 0;

/** One after what a step does, one before what it is known for. */
const SAMPLE = ['back-up-server/packed/after', 'restore-server/logReplayed/before', 'delete-backup/published/before'];

beforeAll(async () => {
  await servers.begin('backups');
  await servers.succeed(await servers.create('data'));
  await servers.admit('data');
  session = await servers.connect('data');
  await session.query('CREATE DATABASE shop');
  await session.query('CREATE TABLE shop.orders (id INT PRIMARY KEY)');
  await until(60 * SECONDS, () => listFulls()[0]?.state === 'Succeeded' || undefined);
}, 120 * SECONDS);

afterAll(async () => {
  session?.destroy();
  if (process.env.FLEXDECK_KEEP_LOGS) console.log(readFileSync(join(home, 'daemon.log'), 'utf8'));
  await destroyHome(home);
});

const listFulls = () => servers.read((database) => listFullBackups(database, servers.row('data').id));
const store = () => storePaths(home, 'westeurope', servers.row('data').id);
const nameOf = (position: string) => position.replaceAll('/', '-').toLowerCase();

function backUp(name: string): Promise<ArmAnswer> {
  const path = `${servers.idOf('data')}/backupsV2/${name}?api-version=${MYSQL_API_VERSION}`;
  return servers.daemon.arm('PUT', path, {});
}

function deleteBackup(name: string): Promise<ArmAnswer> {
  const path = `${servers.idOf('data')}/backupsV2/${name}?api-version=${DELETE_BACKUP_API_VERSION}`;
  return servers.daemon.arm('DELETE', path);
}

/** Of the data, beside it. */
const copies = () => readdirSync(servers.folderOf('data')).filter((name) => name.startsWith('full-'));

async function write(): Promise<void> {
  rowsWritten += 1;
  await session.query(`INSERT INTO shop.orders VALUES (${rowsWritten})`);
}

async function expectNoGap(): Promise<void> {
  const path = `${servers.idOf('data')}/providers/Flexdeck.Local/backupTimeline?api-version=${FLEXDECK_LOCAL_VERSION}`;
  const { body } = await servers.daemon.arm('GET', path);
  const { log, gaps } = (body as BackupTimeline).properties;
  expect({ gaps, pieces: log.length }).toEqual({ gaps: [], pieces: 1 });
}

/** The store comes to have what is known, and nothing else. */
async function expectNoStrayFiles(): Promise<void> {
  const strayFiles = () => {
    const { id } = servers.row('data');
    const known = servers.read((database) => [
      ...listFullBackups(database, id).map((full) => `${full.id}.full`),
      ...listLogSegments(database, id).map((segment) => `${segment.id}.log`),
    ]);
    return ['full', 'log']
      .flatMap((part) => readdirSync(join(store().folder, part)))
      .filter((file) => !known.includes(file));
  };
  await expect.poll(strayFiles, { timeout: 30 * SECONDS }).toEqual([]);
  expect(copies()).toEqual([]);
}

describe('kill -9', () => {
  test.each(positionsOf('back-up-server', SAMPLE))(
    'of the daemon at %s: the backup is finished, and writes went on',
    { timeout: 120 * SECONDS },
    async (position) => {
      await write();
      await servers.dieFirst(position, () => backUp(nameOf(position)));
      await write();
      await servers.finish();
      const row = servers.read((database) => findFullBackup(database, servers.row('data').id, nameOf(position)))!;
      expect(row).toMatchObject({ state: 'Succeeded' });
      expect(readFileSync(store().full(row.id))).toHaveLength(row.storedBytes);
      await expectNoStrayFiles();
      await expectNoGap();
    },
  );

  test.each(positionsOf('restore-server', SAMPLE, ['administratorExists']))(
    'of the daemon at %s: the server is restored to its last row',
    { timeout: 120 * SECONDS },
    async (position) => {
      const name = nameOf(position);
      await write();
      await servers.dieAt(position, () =>
        servers.daemon.arm('PUT', servers.idOf(name), {
          location: 'westeurope',
          properties: { createMode: 'PointInTimeRestore', sourceServerResourceId: servers.idOf('data') },
        }),
      );
      expect(await servers.stateOf(name)).toBe('Ready');
      expect(await servers.query(name, 'SELECT count(*) AS orders FROM shop.orders')).toEqual([
        { orders: rowsWritten },
      ]);
      await servers.succeed(await servers.daemon.arm('DELETE', servers.idOf(name)));
      await expectNoGap();
    },
  );

  test.each(positionsOf('delete-backup', SAMPLE))(
    'of the daemon at %s: the backup is gone, and so is its file',
    { timeout: 120 * SECONDS },
    async (position) => {
      const name = nameOf(position);
      await servers.succeed(await backUp(name));
      const { id } = servers.read((database) => findFullBackup(database, servers.row('data').id, name))!;
      expect(existsSync(store().full(id))).toBe(true);
      await servers.dieAt(position, () => deleteBackup(name));
      expect(listFulls().map((full) => full.name)).not.toContain(name);
      expect(existsSync(store().full(id))).toBe(false);
    },
  );

  test('of mysqld: the copy is begun anew', { timeout: 120 * SECONDS }, async () => {
    const begun = await backUp('copied-twice');
    await until(30 * SECONDS, () => copies().length > 0 || undefined);
    process.kill(servers.pidOf('data'), 'SIGKILL');
    await servers.succeed(begun);
    expect(copies()).toEqual([]);
    await servers.answersAgain('data', 30 * SECONDS);
    session.destroy();
    session = await servers.connect('data');
    await expectNoGap();
  });

  test(
    'of mysqld while it replays the log: the server is restored all the same',
    { timeout: 120 * SECONDS },
    async () => {
      await write();
      const begun = await servers.daemon.arm('PUT', servers.idOf('replayed-twice'), {
        location: 'westeurope',
        properties: { createMode: 'PointInTimeRestore', sourceServerResourceId: servers.idOf('data') },
      });
      const replaying = await until(30 * SECONDS, () => {
        const { stage } = servers.read((database) => listOperationsInProgress(database))[0] ?? {};
        return stage === 'Replaying the log' ? servers.primary('replayed-twice').process : undefined;
      });
      process.kill(replaying.pid, 'SIGKILL');
      await servers.succeed(begun);
      expect(readFileSync(join(home, 'daemon.log'), 'utf8')).toMatch(/mysqld died while it replayed the log/);
      expect(await servers.query('replayed-twice', 'SELECT count(*) AS orders FROM shop.orders')).toEqual([
        { orders: rowsWritten },
      ]);
      await servers.succeed(await servers.daemon.arm('DELETE', servers.idOf('replayed-twice')));
    },
  );

  test('of the daemon while what is too old is removed: it is gone, and all that may be asked for is there', async () => {
    await servers.succeed(await backUp('old'));
    const first = listFulls().find(({ source }) => source === 'Automatic')!;
    const old = listFulls().find(({ name }) => name === 'old')!;
    await servers.daemon.kill9();
    // Forty days pass, for these two; both were made by themselves.
    for (const { id } of [first, old]) {
      servers.read((database) =>
        database
          .prepare(
            `UPDATE full_backups SET moment = moment - 40 * 86400000000 - (id = ?), source = 'Automatic' WHERE id = ?`,
          )
          .run(first.id, id),
      );
    }
    await servers.goOnAndDieAt('retain-backups/forgotten/after');
    expect(existsSync(store().full(first.id))).toBe(true);
    await servers.finish();
    await until(30 * SECONDS, () => !existsSync(store().full(first.id)) || undefined);
    // The last before the retention begins: what follows is restored from it.
    expect(existsSync(store().full(old.id))).toBe(true);
    await expectNoStrayFiles();
    await expectNoGap();
  });
});
