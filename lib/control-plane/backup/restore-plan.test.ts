import { describe, expect, test } from 'vitest';
import type { FullBackupRow } from '../store/full-backups.ts';
import type { LogChainRow } from '../store/log-chains.ts';
import type { LogSegmentRow } from '../store/log-segments.ts';
import { planRestore, restorableWindows, unreachableTail, type Archive } from './restore-plan.ts';
import { planPruning } from './retention-plan.ts';
import { planFullBackup } from './schedule.ts';

const UUID = 'aaaaaaaa-0000-0000-0000-000000000001';
/** Transaction n is committed at moment 10 n. */
const upTo = (last: number) => (last === 0 ? '' : `${UUID}:1-${last}`);

function full(id: string, after: number, change: Partial<FullBackupRow> = {}): FullBackupRow {
  return {
    id,
    serverId: 's',
    name: id,
    source: 'Automatic',
    state: 'Succeeded',
    chainId: 'one',
    gtidsAtStart: upTo(after),
    moment: after * 10 + 1,
    dataBytes: 1,
    storedBytes: 1,
    files: 1,
    sha256: '',
    version: '9.7.4',
    problem: null,
    startedAt: after,
    completedAt: after,
    geoCopiedAt: null,
    ...change,
  };
}

function segment(sequence: number, first: number, last: number, change: Partial<LogSegmentRow> = {}): LogSegmentRow {
  return {
    id: `log${sequence}`,
    serverId: 's',
    chainId: 'one',
    sequence,
    state: 'closed',
    gtidsBefore: upTo(first - 1),
    gtidsAfter: upTo(last),
    previousMoment: (first - 1) * 10,
    firstMoment: first * 10,
    lastMoment: last * 10,
    transactions: last - first + 1,
    plainBytes: 1,
    storedBytes: 1,
    sha256: '',
    instanceId: 'i',
    sourceFile: 'binlog.000001',
    sourcePosition: 4,
    lastTransaction: null,
    problem: null,
    geoCopiedAt: null,
    ...change,
  };
}

const chain = (change: Partial<LogChainRow> = {}): LogChainRow => ({
  id: 'one',
  serverId: 's',
  startedAt: 0,
  startGtids: '',
  coveredUntil: 305,
  endedAt: null,
  endReason: null,
  ...change,
});

/** Full backups after transactions 2 and 15, log of 30 transactions. */
const archive = (change: Partial<Archive> = {}): Archive => ({
  fullBackups: [full('first', 2), full('second', 15)],
  segments: [segment(1, 1, 10), segment(2, 11, 20), segment(3, 21, 30)],
  chains: [chain()],
  ...change,
});

const wayTo = (moment: number | null, of = archive()) => {
  const planning = planRestore(of, moment);
  if ('refused' in planning) return planning.refused;
  const { fullBackup, segments } = planning.plan;
  return [fullBackup.id, ...segments.map(({ id }) => id)].join(' ');
};

describe('the way to a moment', () => {
  test('goes from the newest full backup before it, by the log from there on and no farther', () => {
    expect(wayTo(null)).toBe('second log2 log3');
    expect(wayTo(305)).toBe('second log2 log3');
    expect(wayTo(200)).toBe('second log2');
    expect(wayTo(151)).toBe('second log2');
    expect(wayTo(150)).toBe('first log1 log2');
    expect(wayTo(21)).toBe('first log1');
  });

  test('is refused before the first backup and after the last archived moment, with the nearest ones', () => {
    expect(wayTo(20)).toEqual({ before: undefined, after: 21 });
    expect(wayTo(306)).toEqual({ before: 305, after: undefined });
    expect(wayTo(null, archive({ fullBackups: [] }))).toMatchObject({ before: undefined, after: undefined });
  });

  test('leads around a damaged full backup', () => {
    const fullBackups = [full('first', 2), full('second', 15, { state: 'Damaged' })];
    expect(wayTo(null, archive({ fullBackups }))).toBe('first log1 log2 log3');
  });

  test('leads around damaged log by a later full backup, and says what cannot be reached', () => {
    const segments = [segment(1, 1, 10, { state: 'damaged' }), segment(2, 11, 20), segment(3, 21, 30)];
    const damaged = archive({ segments });
    expect(wayTo(null, damaged)).toBe('second log2 log3');
    expect(wayTo(100, damaged)).toEqual({ before: 21, after: 151 });
    expect(restorableWindows(damaged)).toEqual([
      { from: 21, to: 21 },
      { from: 151, to: 305 },
    ]);
  });

  test('stops at a missing piece of log', () => {
    const segments = [segment(1, 1, 10), segment(3, 21, 30)];
    const broken = archive({ segments, fullBackups: [full('first', 2)] });
    expect(restorableWindows(broken)).toEqual([{ from: 21, to: 100 }]);
    const tail = { from: 100, to: 305, why: 'Broken' };
    expect(wayTo(300, broken)).toEqual({ before: 100, after: undefined, tail });
  });

  test('does not cross from one unbroken log to the next', () => {
    const chains = [
      chain({ endedAt: 305 }),
      chain({ id: 'two', startedAt: 400, startGtids: upTo(40), coveredUntil: 500 }),
    ];
    const fullBackups = [full('first', 2), full('third', 41, { chainId: 'two' })];
    const reset = archive({ chains, fullBackups });
    expect(restorableWindows(reset)).toEqual([
      { from: 21, to: 305 },
      { from: 411, to: 500 },
    ]);
    expect(wayTo(405, reset)).toEqual({ before: 305, after: 411 });
  });

  test('is never an older one than the newest, while the newest log has no full backup', () => {
    const chains = [
      chain({ endedAt: 305 }),
      chain({ id: 'two', startedAt: 400, startGtids: upTo(40), coveredUntil: 500 }),
    ];
    const fullBackups = [full('first', 2), full('third', 41, { chainId: 'two', state: 'Creating' })];
    const reset = archive({ chains, fullBackups });
    const tail = { from: 305, to: 500, why: 'NoFullBackup' };
    expect(unreachableTail(reset)).toEqual(tail);
    expect(wayTo(null, reset)).toEqual({ before: 305, after: undefined, tail });
    expect(wayTo(450, reset)).toEqual({ before: 305, after: undefined, tail });
    expect(wayTo(305, reset)).toBe('first log1 log2 log3');
    const done = archive({ chains, fullBackups: [full('first', 2), full('third', 41, { chainId: 'two' })] });
    expect(unreachableTail(done)).toBeUndefined();
    expect(wayTo(null, done)).toBe('third');
  });

  test('is never an older one than the newest, where the newest log is damaged', () => {
    const segments = [segment(1, 1, 10), segment(2, 11, 20), segment(3, 21, 30, { state: 'damaged' })];
    const tail = { from: 209, to: 305, why: 'Broken' };
    expect(wayTo(null, archive({ segments }))).toEqual({ before: 209, after: undefined, tail });
    expect(wayTo(200, archive({ segments }))).toBe('second log2');
    expect(unreachableTail(archive())).toBeUndefined();
  });
});

describe('what is too old', () => {
  test('goes, but not what a moment within the retention needs', () => {
    expect(planPruning(archive(), 155)).toMatchObject({
      fullBackups: ['first'],
      segments: ['log1'],
      chains: [],
      before: 151,
    });
    expect(planPruning(archive(), 150)).toMatchObject({ fullBackups: [], segments: [] });
    expect(planPruning(archive(), 10)).toMatchObject({ fullBackups: [], segments: [] });
  });

  test('but for the newest piece of log, where the archive goes on when nothing was written for long', () => {
    const fullBackups = [full('first', 2), full('second', 30), full('third', 30, { moment: 400 })];
    expect(planPruning(archive({ fullBackups }), 500)).toMatchObject({
      fullBackups: ['first', 'second'],
      segments: ['log1', 'log2'],
      chains: [],
    });
  });

  test('every moment since then can still be restored', () => {
    for (let since = 0; since <= 305; since++) {
      const { fullBackups, segments } = planPruning(archive(), since);
      const left = archive({
        fullBackups: archive().fullBackups.filter(({ id }) => !fullBackups.includes(id)),
        segments: archive().segments.filter(({ id }) => !segments.includes(id)),
      });
      for (let moment = Math.max(since, 21); moment <= 305; moment += 7) {
        expect(wayTo(moment, left), `${moment}, since ${since}`).toEqual(wayTo(moment));
      }
    }
  });

  test('a log that ended, with all that hung on it', () => {
    const chains = [chain({ endedAt: 305 })];
    expect(planPruning(archive({ chains }), 400)).toMatchObject({
      fullBackups: ['first', 'second'],
      segments: ['log1', 'log2', 'log3'],
      chains: ['one'],
    });
  });
});

describe('the next full backup', () => {
  const due = (backups: FullBackupRow[], now: number) =>
    planFullBackup(backups, { id: 'one', startedAt: 0 }, { now, intervalMs: 1000 });

  test('is made at once, then when it is due', () => {
    expect(due([], 0)).toBe('it has none yet');
    expect(due([full('first', 2)], 900)).toBeUndefined();
    expect(due([full('first', 2)], 1002)).toBe('it is due');
  });

  test('is made when the log began anew, and when the clock was set back', () => {
    expect(due([full('first', 2, { chainId: 'zero' })], 900)).toBe('its log began anew');
    expect(due([full('first', 2, { startedAt: 5000 })], 900)).toBe('the clock was set back');
  });

  test('is not made again and again until the clock has caught up', () => {
    const future = full('first', 2, { startedAt: 500_000 });
    const since = full('second', 2, { startedAt: 900 });
    expect(due([since, future], 1000)).toBeUndefined();
    expect(due([since, future], 1900)).toBe('it is due');
    const failed = full('third', 2, { state: 'Failed', startedAt: 950, completedAt: 960 });
    expect(due([since, failed, future], 1950)).toBeUndefined();
  });

  test('is made though only people made some before', () => {
    const manual = full('first', 2, { source: 'Manual' });
    expect(due([manual], 3)).toBe('people made all that there are');
  });

  test('is made when a part of the log is damaged, so that it goes on from there', () => {
    const options = { now: 900, intervalMs: 1000, isBroken: true };
    expect(planFullBackup([full('first', 2)], { id: 'one', startedAt: 0 }, options)).toBe(
      'a part of its log is damaged',
    );
  });

  test('waits longer with each failure', () => {
    const failed = full('first', 2, { state: 'Failed', chainId: null, completedAt: 1000 });
    expect(due([failed], 20_000)).toBeUndefined();
    expect(due([failed], 32_000)).toBe('its log began anew');
    expect(due([failed, { ...failed, id: 'b' }], 32_000)).toBeUndefined();
  });

  test('of a log that began anew does not wait for what failed before', () => {
    const failed = full('first', 2, { state: 'Failed', chainId: null, completedAt: 1000 });
    const began = { id: 'two', startedAt: 900_000 };
    expect(planFullBackup([failed], began, { now: 1001, intervalMs: 1000 })).toBe('its log began anew');
  });
});
