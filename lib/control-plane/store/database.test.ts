import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openControlDatabase, transaction } from './database.ts';
import { writeHomeFact } from './home-facts.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fd-database-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const modes = () =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]),
  );

const PRIVATE = { 'control.db': '600', 'control.db-shm': '600', 'control.db-wal': '600' };

test('its owner alone can read the database and what SQLite keeps beside it', () => {
  const database = openControlDatabase(join(folder, 'control.db'));
  writeHomeFact(database, 'daemon_epoch', '1');
  expect(modes()).toEqual(PRIVATE);
  database.close();
});

test('files that others could read are closed to them', () => {
  const earlier = openControlDatabase(join(folder, 'control.db'));
  writeHomeFact(earlier, 'daemon_epoch', '1');
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
  const database = openControlDatabase(join(folder, 'control.db'));
  expect(modes()).toEqual(PRIVATE);
  database.close();
  earlier.close();
});

test('one that another holds for a moment is waited for', async () => {
  const path = join(folder, 'control.db');
  openControlDatabase(path).close();
  const holder = new Worker(
    `const { DatabaseSync } = require('node:sqlite');
    const { parentPort, workerData } = require('node:worker_threads');
    const database = new DatabaseSync(workerData);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    parentPort.postMessage('held');
    setTimeout(() => database.close(), 50);`,
    { eval: true, workerData: path },
  );
  const left = once(holder, 'exit');
  await once(holder, 'message');
  openControlDatabase(path).close();
  await left;
});

test('a transaction that there is no room for says so, and leaves the database as it was', () => {
  const database = openControlDatabase(join(folder, 'control.db'));
  const pages = (database.prepare('PRAGMA page_count').get() as { page_count: number }).page_count;
  database.exec(`PRAGMA max_page_count = ${pages}`);
  const fill = () =>
    transaction(database, () => {
      writeHomeFact(database, 'address_block', 'x'.repeat(1_000_000));
    });
  expect(fill).toThrow(expect.objectContaining({ code: 'ERR_SQLITE_ERROR', errcode: 13 }));
  expect(database.isTransaction).toBe(false);
  database.exec(`PRAGMA max_page_count = ${pages + 1000}`);
  fill();
  database.close();
});
