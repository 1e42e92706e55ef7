import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureBackupKey, keepBackupKey } from './backup-keys.ts';
import { makeStoreFolders, storePaths } from './store-layout.ts';

const OWNER = { id: 'server', location: 'westeurope' };

let home: string;
const file = () => join(home, 'backup-keys', 'server.key');

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fd-keys-'));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

test('a server’s key is made once, for the daemon alone', async () => {
  const [key, other] = await Promise.all([ensureBackupKey(home, OWNER), ensureBackupKey(home, OWNER)]);
  expect(key).toHaveLength(32);
  expect(other).toEqual(key);
  expect(await ensureBackupKey(home, OWNER)).toEqual(key);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(home, 'backup-keys'))).toEqual(['server.key']);
});

test.each(['westeurope', 'northeurope'])(
  'where there are backups in %s and the key is gone, none takes its place',
  async (location) => {
    const key = await ensureBackupKey(home, OWNER);
    const store = storePaths(home, location, 'server');
    await makeStoreFolders(store);
    writeFileSync(store.segment('first'), '');
    rmSync(file());
    await expect(ensureBackupKey(home, OWNER)).rejects.toThrow(/is missing: put it back/);
    writeFileSync(file(), key.subarray(0, 20));
    await expect(ensureBackupKey(home, OWNER)).rejects.toThrow(/is not whole: put it back/);
    expect(readFileSync(file())).toHaveLength(20);
    writeFileSync(file(), key);
    expect(await ensureBackupKey(home, OWNER)).toEqual(key);
    // Whoever has lost it for good takes the backups away that nobody can read any more.
    rmSync(file());
    rmSync(store.segment('first'));
    expect(await ensureBackupKey(home, OWNER)).not.toEqual(key);
  },
);

test('a key that a process still knows is written down again', async () => {
  const key = await ensureBackupKey(home, OWNER);
  expect(await keepBackupKey(home, 'server', key)).toBe(false);
  rmSync(file());
  expect(await keepBackupKey(home, 'server', key)).toBe(true);
  expect(await ensureBackupKey(home, OWNER)).toEqual(key);
});
