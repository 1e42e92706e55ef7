import { describe, expect, test } from 'vitest';
import type { ServerBackups } from '../arm/mysql/server-backups.ts';
import { restorableEvents, restorePointProblem } from './backup-history.ts';

const event = (at: string, restorePointBefore: string) => ({
  at,
  restorePointBefore,
  kind: 'DropTable',
  database: 'shop',
  table: 'orders',
  statement: null,
  rows: null,
  gtid: null,
  severity: 'Danger' as const,
});

const BACKUPS: ServerBackups = {
  detailed: true,
  earliestRestorePoint: '2026-11-22T10:00:00.000000Z',
  newestRestorePoint: '2026-11-22T12:00:00.000000Z',
  archive: { state: 'Archiving', reason: null, secondsBehind: 0 },
  fullBackups: [],
  log: [],
  gaps: [{ from: '2026-11-22T11:00:00.000000Z', to: '2026-11-22T11:10:00.000000Z', reason: 'A file is missing.' }],
  events: [
    event('2026-11-22T09:59:59.000001Z', '2026-11-22T09:59:59.000000Z'),
    event('2026-11-22T10:00:00.000001Z', '2026-11-22T10:00:00.000000Z'),
  ],
  store: { bytes: 0, geoBytes: 0, geoFailure: null },
  lastVerification: null,
  settings: { verificationIntervalHours: 0, bigChangeRows: 0 },
};

describe('a moment', () => {
  test.each([
    ['2026-11-22T10:00:00Z', undefined],
    ['2026-11-22T09:59:59.999999Z', 'before the earliest'],
    ['2026-11-22T12:00:00.000001Z', 'after the newest'],
    ['2026-11-22T11:00:00Z', undefined],
    ['2026-11-22T11:00:00.000001Z', 'A file is missing.'],
    ['2026-11-22T11:10:00Z', undefined],
  ])('%s: %s', (moment, problem) => {
    const found = restorePointProblem(moment, BACKUPS);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });

  test('is none as long as there is no backup', () => {
    const none = { ...BACKUPS, earliestRestorePoint: null, newestRestorePoint: null };
    expect(restorePointProblem('2026-11-22T11:30:00Z', none)).toContain('no backup');
    expect(restorableEvents(none)).toEqual([]);
  });
});

test('what the service itself did is not offered', () => {
  const [, known] = BACKUPS.events;
  const events = [
    { ...known!, database: 'flexdeck_rehearsal_1', kind: 'DropDatabase' },
    { ...known!, database: null, kind: 'OtherDdl', statement: 'DROP USER IF EXISTS `flexdeck_rehearsal_1`@localhost' },
    { ...known!, database: null, kind: 'OtherDdl', statement: 'DROP USER ann' },
  ];
  expect(restorableEvents({ ...BACKUPS, events }).map(({ statement }) => statement)).toEqual(['DROP USER ann']);
});

test('only events that lie in the restorable time are offered', () => {
  expect(restorableEvents(BACKUPS).map(({ at }) => at)).toEqual(['2026-11-22T10:00:00.000001Z']);
});
