import { beforeEach, describe, expect, test } from 'vitest';
import { DELETE_BACKUP_API_VERSION } from '../../arm/api-versions.ts';
import { momentText } from '../backup/moment.ts';
import { deleteFullBackup, insertFullBackup, listFullBackups, updateFullBackup } from '../store/full-backups.ts';
import { listLogChains } from '../store/log-chains.ts';
import { insertLogSegment, updateLogSegment } from '../store/log-segments.ts';
import { findServerByName } from '../store/servers.ts';
import {
  createTestCloud,
  TEST_GROUP,
  TEST_SERVER,
  withServer,
  type Call,
  type TestCloud,
} from './conformance-world.ts';

const UUID = 'aaaaaaaa-0000-0000-0000-000000000001';
const HOUR = 3_600_000_000;
const START = Date.UTC(2026, 10, 1) * 1000;
/** Moments of the history: a full backup, ten transactions an hour apart, another backup in between. */
const at = (hours: number) => START + hours * HOUR;
const upTo = (last: number) => (last === 0 ? '' : `${UUID}:1-${last}`);

let cloud: TestCloud;
let now: number;
const database = () => cloud.resources.control.world.database;
const serverId = () => findServerByName(database(), 'srv1')!.id;

beforeEach(async () => {
  // What there is reaches to the eleventh hour; it is the twelfth.
  now = at(11) / 1000;
  cloud = await withServer(createTestCloud({ now: () => now }));
  now = at(12) / 1000;
  for (const { id } of listFullBackups(database(), serverId())) deleteFullBackup(database(), id);
  const [chain] = listLogChains(database(), serverId());
  addFull('first', 0, 0);
  addFull('second', 6.5, 6);
  for (let number = 1; number <= 10; number++) addTransaction(number, chain!.id);
});

function addFull(name: string, hours: number, transactions: number): void {
  const row = { id: name, serverId: serverId(), name, source: 'Automatic' as const, version: '9.7.4' };
  insertFullBackup(database(), { ...row, startedAt: at(hours) / 1000 });
  const chainId = listLogChains(database(), serverId())[0]!.id;
  const state = { state: 'Succeeded' as const, completedAt: at(hours) / 1000, dataBytes: 1000e6, storedBytes: 900 };
  updateFullBackup(database(), name, { ...state, chainId, gtidsAtStart: upTo(transactions), moment: at(hours) });
}

/** In a piece of log of its own. */
function addTransaction(number: number, chainId: string): void {
  insertLogSegment(database(), {
    id: `log${number}`,
    serverId: serverId(),
    chainId,
    gtidsBefore: upTo(number - 1),
    previousMoment: at(number - 1),
    instanceId: 'i',
    sourceFile: 'f',
    sourcePosition: 4,
  });
  updateLogSegment(database(), `log${number}`, {
    state: 'closed',
    gtidsAfter: upTo(number),
    firstMoment: at(number),
    lastMoment: at(number),
    transactions: 1,
    plainBytes: 1e6,
    storedBytes: 10,
  });
}

const damage = (number: number) =>
  updateLogSegment(database(), `log${number}`, { state: 'damaged', problem: `The backup file log${number} is gone.` });

const restore = (moment: string | undefined, more: object = {}, properties: object = {}): Promise<Call> =>
  cloud.call('PUT', TEST_SERVER.replace('srv1', 'restored'), {
    body: {
      location: 'westeurope',
      ...more,
      properties: {
        createMode: 'PointInTimeRestore',
        sourceServerResourceId: TEST_SERVER,
        ...(moment && { restorePointInTime: moment }),
        ...properties,
      },
    },
  });

const local = (method: string, name: string, body?: object) =>
  cloud.call(method, `${TEST_SERVER}/providers/Flexdeck.Local/${name}`, { body });

describe('on demand', () => {
  test('a server has fifty at most; those that failed do not count', async () => {
    for (let number = 1; number <= 50; number++) {
      expect((await cloud.call('PUT', `${TEST_SERVER}/backupsV2/mine${number}`, { body: {} })).status).toBe(202);
      await cloud.settle();
    }
    const refused = await cloud.call('PUT', `${TEST_SERVER}/backupsV2/mine51`, { body: {} });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'BackupQuotaExceeded' } } });
    expect(refused.body.error.message).toMatch(/50 on-demand backups at most/);

    const failed = listFullBackups(database(), serverId()).find(({ name }) => name === 'mine7')!;
    updateFullBackup(database(), failed.id, { state: 'Failed' });
    expect((await cloud.call('PUT', `${TEST_SERVER}/backupsV2/mine51`, { body: {} })).status).toBe(202);
  });

  test('one is listed, found by its name and deleted; no name is given twice', async () => {
    await cloud.call('PUT', `${TEST_SERVER}/backupsV2/before-release`, { body: {} });
    await cloud.settle();
    const { body } = await cloud.call('GET', `${TEST_SERVER}/backups`);
    expect(body.value.map(({ name }: { name: string }) => name)).toContain('before-release');
    const again = await cloud.call('PUT', `${TEST_SERVER}/backupsV2/Before-Release`, { body: {} });
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'BackupAlreadyExists' } } });
    const options = { apiVersion: DELETE_BACKUP_API_VERSION };
    expect((await cloud.call('DELETE', `${TEST_SERVER}/backupsV2/before-release`, options)).status).toBe(202);
  });

  test('the version that Azure’s JavaScript SDK asks in knows them', async () => {
    const options = { apiVersion: '2023-10-01-preview' };
    expect((await cloud.call('PUT', `${TEST_SERVER}/backupsV2/mine`, { ...options, body: {} })).status).toBe(202);
    await cloud.settle();
    const { body } = await cloud.call('GET', `${TEST_SERVER}/backupsV2/mine`, options);
    expect(body.properties.provisioningState).toBe('Succeeded');
  });

  test('automatic ones cannot be deleted', async () => {
    const options = { apiVersion: DELETE_BACKUP_API_VERSION };
    const { status, body } = await cloud.call('DELETE', `${TEST_SERVER}/backupsV2/second`, options);
    expect({ status, code: body.error.code }).toEqual({ status: 409, code: 'AutomaticBackupCannotBeDeleted' });
  });
});

describe('restoring', () => {
  test.each([
    ['the first moment', momentText(at(0))],
    ['the exact microsecond of a transaction', momentText(at(3))],
    ['the moment of a full backup', momentText(at(6.5))],
    ['the last moment', momentText(at(11))],
    ['no moment: the newest', undefined],
  ])('to %s is accepted', async (_, moment) => {
    expect(await restore(moment)).toMatchObject({ status: 202 });
  });

  test.each([
    ['before the first', at(0) - 1, [[momentText(at(0)), 'after']]],
    ['purged long ago', at(-24 * 40), [[momentText(at(0)), 'after']]],
    ['after the last', at(11) + 1, [[momentText(at(11)), 'before']]],
  ])('to a moment %s is refused with the nearest', async (_, moment, nearest) => {
    const { status, body } = await restore(momentText(moment));
    expect({ status, code: body.error.code }).toEqual({ status: 409, code: 'RestorePointNotAvailable' });
    expect(body.error.details).toEqual(
      nearest.map(([message, target]) => ({ code: 'NearestRestorePoint', message, target })),
    );
    for (const [message] of nearest) expect(body.error.message).toContain(message);
  });

  test('to a moment in the future is refused', async () => {
    const { status, body } = await restore(momentText(at(13)));
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: 'InvalidRestorePointInTime' });
  });

  test('within a gap is refused with both ends of it, which the timeline shows; both ends can be had', async () => {
    damage(4);
    const { gaps, log } = (await local('GET', 'backupTimeline')).body.properties;
    const [before, after] = [momentText(at(4) - 1), momentText(at(6.5))];
    expect(gaps).toEqual([{ from: before, to: after, reason: 'The backup file log4 is gone.' }]);
    expect(log).toHaveLength(1);
    for (const moment of [momentText(at(4)), momentText(at(6))]) {
      const { status, body } = await restore(moment);
      expect(status, moment).toBe(409);
      expect(body.error.details).toEqual([
        { code: 'NearestRestorePoint', message: before, target: 'before' },
        { code: 'NearestRestorePoint', message: after, target: 'after' },
      ]);
    }
    expect((await local('POST', 'restoreEstimate', { restorePointInTime: before })).status).toBe(200);
    expect((await local('POST', 'restoreEstimate', { restorePointInTime: after })).status).toBe(200);
  });

  test('onto a server that is there is refused; sent again to the one that it made it is a change of that', async () => {
    const onItself = await cloud.call('PUT', TEST_SERVER, {
      body: {
        location: 'westeurope',
        properties: { createMode: 'PointInTimeRestore', sourceServerResourceId: TEST_SERVER },
      },
    });
    expect(onItself).toMatchObject({ status: 409, body: { error: { code: 'ServerNameAlreadyExists' } } });
    expect(findServerByName(database(), 'srv1')!.intent.tags).toEqual({ purpose: 'test' });

    expect((await restore(momentText(at(3)), { tags: { a: 'b' } })).status).toBe(202);
    await cloud.settle();
    expect((await restore(momentText(at(3)), { tags: { a: 'c' } })).status).toBe(202);
    await cloud.settle();
    expect(findServerByName(database(), 'restored')!.intent.tags).toEqual({ a: 'c' });
    for (const [moment, properties] of [[at(4)], [at(3), { createMode: 'GeoRestore' }]] as const) {
      const other = await restore(momentText(moment), {}, properties);
      expect(other).toMatchObject({ status: 409, body: { error: { code: 'ServerNameAlreadyExists' } } });
    }
  });

  test('is estimated before it is begun: a full backup alone is the fastest', async () => {
    const estimate = async (moment: number) =>
      (await local('POST', 'restoreEstimate', { restorePointInTime: momentText(moment) })).body;
    const alone = await estimate(at(6.5));
    expect(alone).toMatchObject({
      fullBackup: { name: 'second', restorePoint: momentText(at(6.5)) },
      bytesToUnpack: 1000e6,
      bytesToReplay: 0,
      transactionsToReplay: 0,
    });
    expect(alone.estimatedSeconds).toBeGreaterThan(6);
    const later = await estimate(at(9));
    expect(later).toMatchObject({ fullBackup: { name: 'second' }, bytesToReplay: 3e6, transactionsToReplay: 3 });
    expect(later.estimatedSeconds).toBeGreaterThan(alone.estimatedSeconds);
    const longest = await estimate(at(6));
    expect(longest).toMatchObject({ fullBackup: { name: 'first' }, transactionsToReplay: 6 });
    expect(longest.estimatedSeconds).toBeGreaterThan(later.estimatedSeconds);
  });

  test('takes the size, storage, zone, network and high availability that are chosen', async () => {
    const made = await restore(
      undefined,
      { sku: { name: 'Standard_D2ads_v5', tier: 'GeneralPurpose' } },
      {
        availabilityZone: '2',
        storage: { storageSizeGB: 64 },
        network: { publicNetworkAccess: 'Disabled' },
        highAvailability: { mode: 'ZoneRedundant', standbyAvailabilityZone: '3' },
      },
    );
    expect(made.status).toBe(202);
    expect(findServerByName(database(), 'restored')!.intent).toMatchObject({
      sku: { name: 'Standard_D2ads_v5' },
      properties: {
        availabilityZone: '2',
        storage: { storageSizeGB: 64 },
        network: { publicNetworkAccess: 'Disabled' },
        highAvailability: { mode: 'ZoneRedundant', standbyAvailabilityZone: '3' },
      },
    });
  });

  test.each([
    ['less storage than the source has', {}, { storage: { storageSizeGB: 20 } }, 400, 'StorageSizeCannotBeReduced'],
    ['another location', { location: 'eastus' }, {}, 400, 'InvalidResourceLocation'],
    [
      'the paired location without second copies',
      { location: 'northeurope' },
      { createMode: 'GeoRestore' },
      409,
      'GeoBackupNotEnabled',
    ],
    [
      'a server that nobody knows',
      {},
      { sourceServerResourceId: TEST_SERVER.replace('srv1', 'nobody') },
      404,
      'SourceServerNotFound',
    ],
  ])('to %s is refused', async (_, more, properties, status, code) => {
    const refused = await restore(undefined, more, properties);
    expect({ status: refused.status, code: refused.body.error.code }).toEqual({ status, code });
    expect(
      (await cloud.call('GET', `${TEST_GROUP}/providers/Microsoft.DBforMySQL/flexibleServers/restored`)).status,
    ).toBe(404);
  });
});
