import { expect, test } from 'vitest';
import { doWritersWait, isFull, judge, judgeDisks, judgeFollowing } from './detection.ts';

test('a process that ended is lost at once', () => {
  expect(judge({ alive: false, state: undefined, unansweredMs: 0 })).toEqual({ lost: true, why: 'its process ended' });
});

test.each([
  ['T', 999, false],
  ['T', 1_000, true],
  ['S', 1_500, false],
  ['R', 7_999, false],
  ['R', 8_000, true],
])('in state %s, without an answer for %i ms: lost is %s', (state, unansweredMs, lost) => {
  expect(judge({ alive: true, state, unansweredMs }).lost).toBe(lost);
});

const following = {
  receiver: 'ON',
  applier: 'ON',
  error: undefined,
  disconnectedMs: 0,
  unheardMs: 0,
  stalledMs: 0,
  lockedMs: 0,
  unawaited: false,
  extra: 0,
  extraMs: 0,
  missing: 0,
  missingMs: 0,
} as const;

test('a standby that follows is not lost, nor one that is connecting again', () => {
  expect(judgeFollowing(following)).toEqual({ lost: false });
  expect(judgeFollowing({ ...following, receiver: 'CONNECTING', disconnectedMs: 2_000 })).toEqual({ lost: false });
});

test.each([
  [{ applier: 'OFF', error: 'duplicate key' }, /does not execute what it receives: duplicate key/],
  [{ receiver: 'OFF' }, /does not receive/],
  [{ receiver: 'CONNECTING', disconnectedMs: 4_000 }, /cannot reach the primary/],
  [{ unheardMs: 4_000 }, /does not acknowledge/],
  [{ stalledMs: 20_000 }, /does not acknowledge/],
  [{ unawaited: true }, /do not wait for it/],
  [{ extra: 1, extraMs: 2_000 }, /has 1 transaction that the primary does not have/],
  [{ missing: 3, missingMs: 2_000 }, /lacks 3 transactions of the primary/],
] as const)('%j is a lost standby', (change, why) => {
  expect(judgeFollowing({ ...following, ...change })).toEqual({ lost: true, why: expect.stringMatching(why) });
});

test('one that waits for a lock is lost once that takes too long, and its process is to end with the lock', () => {
  expect(judgeFollowing({ ...following, lockedMs: 59_000 })).toEqual({ lost: false });
  expect(judgeFollowing({ ...following, lockedMs: 60_000 })).toMatchObject({ lost: true, endsProcess: true });
});

test('sides that differ for a moment are on their way to each other', () => {
  expect(judgeFollowing({ ...following, extra: 2, extraMs: 1_900, missing: 2, missingMs: 1_900 })).toEqual({
    lost: false,
  });
});

const MIB = 1024 ** 2;

test.each([
  [1000, 1000, undefined],
  [7, 1000, 'primary'],
  [1000, 0, 'standby'],
  // Both on one disk, or the other one nearly as full: nothing is won by a change.
  [7, 7, undefined],
  [7, 63, undefined],
  [undefined, 0, undefined],
])('with %s MiB free on the primary and %s on the standby: %s is given up', (primary, standby, side) => {
  const bytes = (mebibytes: number | undefined) => mebibytes && mebibytes * MIB;
  expect(judgeDisks(bytes(primary), bytes(standby))).toBe(side);
});

test('writers wait where the primary’s disk is full and the standby’s nearly so', () => {
  expect(doWritersWait(0, 7 * MIB)).toBe(true);
  expect(doWritersWait(0, 63 * MIB)).toBe(true);
  expect(doWritersWait(0, 64 * MIB)).toBe(false);
  expect(doWritersWait(undefined, 0)).toBe(false);
});

test('a disk that nobody has looked at is not full', () => {
  expect(isFull(undefined)).toBe(false);
  expect(isFull(0)).toBe(true);
});
