import { expect, test } from 'vitest';
import { watchDivergence } from './divergence.ts';

const PRIMARY = '00000000-0000-0000-0000-00000000000a';
const STANDBY = '00000000-0000-0000-0000-00000000000b';

const side = (askedAt: number, executed: string, received = '') => ({
  askedAt,
  said: { executed, received, serverUuid: PRIMARY },
});

test('what is on its way between the two is no difference', () => {
  const watch = watchDivergence(0);
  for (let at = 0; at < 20; at++) {
    // The standby has one more, which the primary commits only now, and has received what it has not executed.
    watch.look(side(at, `${PRIMARY}:1-${at + 5}`), side(at - 0.5, `${PRIMARY}:1-${at + 6}`), at);
    const { extra, missing } = watch.look(
      side(at, `${PRIMARY}:1-${at + 5}`),
      side(at + 0.5, `${PRIMARY}:1-${at}`, `${PRIMARY}:${at}-${at + 7}`),
      at,
    );
    expect([extra.transactions.count(), missing.transactions.count()]).toEqual([0, 0]);
  }
});

test('what the standby has of its own stays, and is known since it was first seen', () => {
  const watch = watchDivergence(0);
  for (let at = 1; at < 9; at++) {
    const { extra } = watch.look(
      side(at, `${PRIMARY}:1-${at}`),
      side(at - 0.5, `${PRIMARY}:1-${at},${STANDBY}:7-8`),
      at,
    );
    expect(extra).toMatchObject({ since: 1 });
    expect(String(extra.transactions)).toBe(`${STANDBY}:7-8`);
  }
});

test('a transaction that the primary lost is known by those that came after it', () => {
  const watch = watchDivergence(0);
  const { extra } = watch.look(side(2, `${PRIMARY}:1-4:6-9`), side(1, `${PRIMARY}:1-12`), 2);
  expect(String(extra.transactions)).toBe(`${PRIMARY}:5`);
});

test('what the standby never received stays, though more and more comes', () => {
  const watch = watchDivergence(0);
  for (let at = 1; at < 9; at++) {
    const { missing } = watch.look(
      side(at, `${PRIMARY}:1-${at + 10}`),
      side(at + 0.5, `${PRIMARY}:1-2`, `${PRIMARY}:4-${at + 9}`),
      at,
    );
    expect(missing).toMatchObject({ since: 1 });
    expect(String(missing.transactions)).toContain(`${PRIMARY}:3`);
  }
});

test('a difference that went away is forgotten', () => {
  const watch = watchDivergence(0);
  watch.look(side(2, `${PRIMARY}:1`), side(1, `${PRIMARY}:1,${STANDBY}:7`), 2);
  const { extra } = watch.look(side(4, `${PRIMARY}:1`), side(3, `${PRIMARY}:1`), 4);
  expect(extra.transactions.isEmpty()).toBe(true);
});
