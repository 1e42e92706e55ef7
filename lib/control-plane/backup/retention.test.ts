import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openControlDatabase, type Database } from '../store/database.ts';
import { insertFullBackup, listFullBackups, updateFullBackup } from '../store/full-backups.ts';
import { findGeoCopyFailure } from '../store/geo-copies.ts';
import { insertLogChain, listLogChains, setCovered } from '../store/log-chains.ts';
import { insertLogSegment, listLogSegments, updateLogSegment } from '../store/log-segments.ts';
import { insertServer, readServer, updateServer } from '../store/servers.ts';
import { copyToPair, removeFromPair } from './geo-copy.ts';
import { retain } from './retention.ts';
import { restorableWindows, type Archive, type Window } from './restore-plan.ts';
import { planPruning } from './retention-plan.ts';
import { checkStore } from './store-check.ts';
import { makeStoreFolders, storePaths } from './store-layout.ts';

const DAY_MS = 24 * 3_600_000;
const NOW = 100 * DAY_MS;
const UUID = 'aaaaaaaa-0000-0000-0000-000000000001';
const upTo = (last: number) => (last === 0 ? '' : `${UUID}:1-${last}`);

let home: string;
let database: Database;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'fd-retain-'));
  database = openControlDatabase(':memory:');
  const backup = { backupRetentionDays: 7, backupIntervalHours: 24, geoRedundantBackup: 'Disabled' };
  const place = { subscriptionId: 's', resourceGroup: 'g', name: 'orders', location: 'westeurope' };
  const intent = { properties: { backup } } as never;
  insertServer(database, { id: 'server', ...place, intent, state: 'Ready' }, { block: '127.83.5', now: 0 });
  await makeStoreFolders(own());
  insertLogChain(database, { id: 'chain', serverId: 'server', startedAt: day(80), startGtids: '' });
  setCovered(database, 'chain', day(100));
  // A day: a full backup at its beginning, then one transaction, in a file of its own.
  for (let number = 0; number < 20; number++) addDay(number);
});

afterEach(() => {
  database.close();
  rmSync(home, { recursive: true, force: true });
});

const own = () => storePaths(home, 'westeurope', 'server');
const pair = () => storePaths(home, 'northeurope', 'server');
const day = (number: number) => number * DAY_MS * 1000;
const server = () => readServer(database, 'server');

function addDay(number: number): void {
  const at = day(80 + number);
  const full = { id: `full${number}`, serverId: 'server', name: `full${number}`, source: 'Automatic' as const };
  insertFullBackup(database, { ...full, version: '', startedAt: at / 1000 });
  updateFullBackup(database, full.id, {
    state: 'Succeeded',
    chainId: 'chain',
    gtidsAtStart: upTo(number),
    moment: at + 1,
    storedBytes: 4,
  });
  writeFileSync(own().full(full.id), 'full');
  const id = `log${number}`;
  insertLogSegment(database, {
    id,
    serverId: 'server',
    chainId: 'chain',
    gtidsBefore: upTo(number),
    previousMoment: number === 0 ? at : at - day(0.5),
    instanceId: 'i',
    sourceFile: 'f',
    sourcePosition: 4,
  });
  const lastMoment = at + day(0.5);
  const counts = { transactions: 1, plainBytes: 3, storedBytes: 3 };
  const gtidsAfter = upTo(number + 1);
  updateLogSegment(database, id, { state: 'closed', gtidsAfter, firstMoment: lastMoment, lastMoment, ...counts });
  writeFileSync(own().segment(id), 'log');
}

function archive(): Archive {
  return {
    fullBackups: listFullBackups(database, 'server'),
    segments: listLogSegments(database, 'server'),
    chains: listLogChains(database, 'server'),
  };
}

const files = (part: 'full' | 'log', store = own()) =>
  readdirSync(join(store.folder, part)).toSorted((one, other) => one.localeCompare(other, 'en', { numeric: true }));

test('what is too old is gone from the disk, and every moment within the retention is there', async () => {
  await retain({ database, paths: { home }, now: NOW });
  // The retention begins at day 93: the full backup of the beginning of that day is after it.
  expect(files('full')).toEqual([12, 13, 14, 15, 16, 17, 18, 19].map((number) => `full${number}.full`));
  expect(files('log')).toEqual([12, 13, 14, 15, 16, 17, 18, 19].map((number) => `log${number}.log`));
  const [window] = restorableWindows(archive());
  expect(window!.from).toBeLessThanOrEqual(day(93));
  expect(window!.to).toBe(day(100));
  expect(await retain({ database, paths: { home }, now: NOW })).toBeUndefined();
});

test('files that nobody knows are removed, in both locations', async () => {
  await makeStoreFolders(pair());
  writeFileSync(own().full('left'), '');
  writeFileSync(`${own().segment('left')}.new`, '');
  // Known here, and not said to be copied: a copy that was cut short.
  writeFileSync(`${pair().full('full19')}.unfinished`, '');
  await retain({ database, paths: { home }, now: NOW });
  expect(existsSync(own().full('left'))).toBe(false);
  expect(files('log')).not.toContain('left.log.new');
  expect(files('full', pair())).toEqual([]);
});

test('a deleted server’s backups stay for five days, whatever its retention', async () => {
  updateServer(database, 'server', { deletedAt: NOW });
  await retain({ database, paths: { home }, now: NOW + 4.9 * DAY_MS });
  expect(restorableWindows(archive())).toMatchObject([{ to: day(100) }]);
  expect(restorableWindows(archive())[0]!.from).toBeLessThanOrEqual(day(93));
  await retain({ database, paths: { home }, now: NOW + 5.1 * DAY_MS });
  expect(existsSync(own().folder)).toBe(false);
  expect(archive()).toEqual({ fullBackups: [], segments: [], chains: [] });
});

test('a clock that was set back deletes nothing', async () => {
  await retain({ database, paths: { home }, now: NOW - 30 * DAY_MS });
  expect(files('full')).toHaveLength(20);
});

test('the second copy goes when geo-redundancy is switched off, and begins when it is switched on', async () => {
  const world = { database, clock: { now: () => NOW }, paths: { home } };
  await copyToPair(world, server());
  expect(files('full', pair())).toEqual(files('full'));
  expect(files('log', pair())).toEqual(files('log'));
  await removeFromPair(world, server());
  expect(existsSync(pair().folder)).toBe(false);
  expect(files('full')).toHaveLength(20);
  await copyToPair(world, server());
  expect(files('log', pair())).toEqual(files('log'));
});

test('a second copy that fails is told until it is there; what can be copied is', async () => {
  const world = { database, clock: { now: () => NOW }, paths: { home } };
  rmSync(own().segment('log3'));
  await makeStoreFolders(pair());
  // A folder where the file is to be.
  mkdirSync(pair().full('full1'));
  mkdirSync(join(pair().full('full1'), 'in-the-way'));
  await expect(copyToPair(world, server())).rejects.toThrow();
  expect(findGeoCopyFailure(database, 'server')).toEqual({
    since: NOW,
    problem: 'The backup store of North Europe could not be written (EISDIR).',
  });
  expect(files('log', pair())).toEqual(files('log'));
  expect(files('full', pair())).toHaveLength(20);

  rmSync(pair().full('full1'), { recursive: true });
  const later = { ...world, clock: { now: () => NOW + 60_000 } };
  await expect(copyToPair(later, server())).rejects.toThrow();
  expect(findGeoCopyFailure(database, 'server')).toEqual({ since: NOW, problem: 'A backup file is missing here.' });

  writeFileSync(own().segment('log3'), 'log');
  expect(await copyToPair(later, server())).toBe('copied 1 backup files of orders to northeurope');
  expect(findGeoCopyFailure(database, 'server')).toBeUndefined();
});

test('a file that is missing or cut short is known as damaged at once, or comes back from the paired location', async () => {
  const world = { database, clock: { now: () => NOW }, paths: { home } };
  rmSync(own().segment('log15'));
  writeFileSync(own().full('full18'), 'fu');
  expect(await checkStore(world, server())).toHaveLength(2);
  expect(listLogSegments(database, 'server').filter(({ state }) => state === 'damaged')).toMatchObject([
    { id: 'log15', problem: 'The backup file log15.log is missing.' },
  ]);
  expect(listFullBackups(database, 'server').filter(({ state }) => state === 'Damaged')).toMatchObject([
    { id: 'full18', problem: 'The backup file full18.full was cut short.' },
  ]);
  // From the first transaction of what is missing to the next full backup.
  expect(restorableWindows(archive())).toEqual([
    { from: day(80) + 1, to: day(95.5) - 1 },
    { from: day(96) + 1, to: day(100) },
  ]);

  // A disk that was away.
  writeFileSync(own().segment('log15'), 'log');
  writeFileSync(own().full('full18'), 'full');
  expect(await checkStore(world, server())).toEqual([]);
  expect(restorableWindows(archive())).toEqual([{ from: day(80) + 1, to: day(100) }]);

  await copyToPair(world, server());
  rmSync(own().segment('log17'));
  expect(await checkStore(world, server())).toEqual([expect.stringMatching(/brought back/)]);
  expect(files('log')).toContain('log17.log');
  expect(await checkStore(world, server())).toEqual([]);
});

test('whatever was backed up and failed, and whenever it is pruned: nothing within the retention is lost', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const from = (windows: Window[], since: number) =>
    windows.filter(({ to }) => to >= since).map((window) => ({ ...window, from: Math.max(window.from, since) }));
  for (let round = 0; round < 300; round++) {
    const all = archive();
    const fullBackups = all.fullBackups
      .filter(() => random(3) > 0)
      .map((full) => (random(6) === 0 ? { ...full, state: 'Damaged' as const } : full))
      .map((full) => (random(3) === 0 ? { ...full, source: 'Manual' as const } : full));
    const segments = all.segments.map((one) => (random(15) === 0 ? { ...one, state: 'damaged' as const } : one));
    const since = day(80) + random(day(20));
    const before: Archive = { ...all, fullBackups, segments };
    const gone = planPruning(before, since);
    const after: Archive = {
      chains: all.chains.filter(({ id }) => !gone.chains.includes(id)),
      fullBackups: fullBackups.filter(({ id }) => !gone.fullBackups.includes(id)),
      segments: segments.filter(({ id }) => !gone.segments.includes(id)),
    };
    expect(from(restorableWindows(after), since), `round ${round}`).toEqual(from(restorableWindows(before), since));
    const older = after.fullBackups.filter(({ moment }) => moment! <= since);
    expect(older.length, `round ${round}`).toBeLessThanOrEqual(2);
    // Nor is it when all that was made on demand is deleted.
    const automatic = (one: Archive) => ({
      ...one,
      fullBackups: one.fullBackups.filter(({ source }) => source === 'Automatic'),
    });
    expect(from(restorableWindows(automatic(after)), since), `round ${round}`).toEqual(
      from(restorableWindows(automatic(before)), since),
    );
  }
});
