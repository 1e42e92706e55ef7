import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
