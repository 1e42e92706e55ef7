import { expect, test } from 'vitest';
import { judge, judgeFollowing } from './detection.ts';

test('a process that ended is lost at once', () => {
  expect(judge({ alive: false, state: undefined, unansweredMs: 0 })).toEqual({ lost: true, why: 'its process ended' });
});

test.each([
  ['T', 1_499, false],
  ['T', 1_500, true],
  ['S', 1_500, false],
  ['R', 7_999, false],
  ['R', 8_000, true],
])('in state %s, without an answer for %i ms: lost is %s', (state, unansweredMs, lost) => {
  expect(judge({ alive: true, state, unansweredMs }).lost).toBe(lost);
});

const following = { receiver: 'ON', applier: 'ON', error: undefined, disconnectedMs: 0 } as const;

test('a standby that follows is not lost, nor one that is connecting again', () => {
  expect(judgeFollowing(following)).toEqual({ lost: false });
  expect(judgeFollowing({ ...following, receiver: 'CONNECTING', disconnectedMs: 2_000 })).toEqual({ lost: false });
});

test.each([
  [{ applier: 'OFF', error: 'duplicate key' }, /does not execute what it receives: duplicate key/],
  [{ receiver: 'OFF' }, /does not receive/],
  [{ receiver: 'CONNECTING', disconnectedMs: 4_000 }, /cannot reach the primary/],
] as const)('%j is a lost standby', (change, why) => {
  expect(judgeFollowing({ ...following, ...change })).toEqual({ lost: true, why: expect.stringMatching(why) });
});
