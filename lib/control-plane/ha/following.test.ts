import { beforeEach, expect, test } from 'vitest';
import { watchFollowing, type FollowingWatch } from './following.ts';
import type { Probe } from './probe.ts';

let clock: number;
let watch: FollowingWatch;
beforeEach(() => {
  clock = 100_000;
  watch = watchFollowing(() => clock);
});

const UUID = '00000000-0000-0000-0000-00000000000a';
const healthy = { id: 'server', haSince: 1 };
const follows = {
  configured: true,
  receiver: 'ON',
  applier: 'ON',
  serverUuid: UUID,
  received: `${UUID}:1-5`,
  executed: `${UUID}:1-5`,
  error: undefined,
} as const;

function probe(said: {
  following?: object;
  standbys?: number;
  waiting?: number;
  askedAt?: number;
  disconnectedMs?: number;
  enabled?: boolean;
  locked?: number;
}): Probe {
  const { following = {}, standbys = 1, waiting = 0, askedAt = clock, disconnectedMs = 0 } = said;
  const { enabled = true, locked = 0 } = said;
  return {
    unansweredMs: () => 0,
    hurry() {},
    following: () => ({ said: { ...follows, ...following }, askedAt }),
    acknowledging: () => ({ said: { enabled, standbys, waiting, locked }, askedAt }),
    disconnectedMs: () => disconnectedMs,
    freeBytes: () => undefined,
    connection: () => undefined,
    stop() {},
  };
}

const judge = (primary: Probe, standby: Probe) => watch.judge(healthy, primary, standby);

test('what a standby said before its server became healthy is not held against it', () => {
  const before = probe({ following: { receiver: 'OFF', applier: 'OFF' }, askedAt: clock - 1, disconnectedMs: 60_000 });
  expect(judge(probe({}), before)).toEqual({ lost: false });
  clock += 200;
  expect(judge(probe({}), before)).toEqual({ lost: false });
  expect(judge(probe({}), probe({}))).toEqual({ lost: false });
  clock += 100;
  expect(judge(probe({}), probe({ following: { receiver: 'OFF' } }))).toMatchObject({ lost: true });
});

test('it starts anew each time that the server becomes healthy', () => {
  expect(judge(probe({}), probe({}))).toEqual({ lost: false });
  const older = probe({ following: { applier: 'OFF' } });
  clock += 10;
  expect(watch.judge({ ...healthy, haSince: 2 }, probe({}), older)).toEqual({ lost: false });
});

/** Looks four times a second. */
function lostAfter(ms: number, sides: () => [Probe, Probe]): boolean {
  for (const end = clock + ms; clock <= end; clock += 250) if (judge(...sides()).lost) return true;
  return false;
}

test('a primary whom nobody acknowledges has lost its standby', () => {
  expect(lostAfter(3_900, () => [probe({ standbys: 0 }), probe({})])).toBe(false);
  expect(lostAfter(300, () => [probe({ standbys: 0 }), probe({})])).toBe(true);
});

test('writers that wait while nothing is received have lost it, those of a busy server have not', () => {
  let received = 5;
  const busy = () => probe({ following: { received: `${UUID}:1-${received++}` } });
  expect(lostAfter(60_000, () => [probe({ waiting: 4 }), busy()])).toBe(false);
  expect(lostAfter(60_000, () => [probe({ waiting: 0 }), probe({})])).toBe(false);
  expect(lostAfter(19_000, () => [probe({ waiting: 1 }), probe({})])).toBe(false);
  expect(lostAfter(1_500, () => [probe({ waiting: 1 }), probe({})])).toBe(true);
});

test('a daemon that was held up holds it against nobody', () => {
  const [primary, standby] = [probe({ waiting: 1 }), probe({})];
  expect(judge(primary, standby)).toEqual({ lost: false });
  clock += 60_000;
  expect(judge(primary, standby)).toEqual({ lost: false });
  expect(lostAfter(3_000, () => [probe({ waiting: 1 }), probe({})])).toBe(false);
});

test('a standby with transactions of its own is lost', () => {
  const own = { executed: `${UUID}:1-5,00000000-0000-0000-0000-00000000000b:1` };
  const sides = (): [Probe, Probe] => [probe({}), probe({ following: own, askedAt: clock - 1 })];
  expect(judge(probe({}), probe({}))).toEqual({ lost: false });
  expect(lostAfter(1_900, sides)).toBe(false);
  expect(lostAfter(1_500, sides)).toBe(true);
});

test('a standby that never received what the primary has is lost', () => {
  const lacks = { executed: `${UUID}:1-3:5`, received: `${UUID}:5` };
  const sides = (): [Probe, Probe] => [probe({ askedAt: clock - 1 }), probe({ following: lacks })];
  expect(judge(probe({}), probe({}))).toEqual({ lost: false });
  expect(lostAfter(3_000, sides)).toBe(true);
});

test('a standby that waits for a lock while it has something to execute is lost in the end', () => {
  const sides = (): [Probe, Probe] => [probe({}), probe({ locked: 1, following: { received: `${UUID}:1-9` } })];
  expect(lostAfter(59_000, sides)).toBe(false);
  expect(lostAfter(3_000, sides)).toBe(true);
});

test('a primary that waits for nobody has no standby to rely on', () => {
  expect(judge(probe({}), probe({}))).toEqual({ lost: false });
  clock += 10;
  expect(judge(probe({ enabled: false }), probe({}))).toMatchObject({
    lost: true,
    why: expect.stringMatching(/do not wait/),
  });
});
