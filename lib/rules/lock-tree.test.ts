import { expect, it } from 'vitest';
import { lockTree } from './lock-tree.ts';

const wait = (waiting: number, blocking: number) => ({
  waiting,
  blocking,
  kind: 'row' as const,
  object: 't',
  mode: 'X',
});

it('hangs those who wait below whom they wait for, once', () => {
  const [root, ...others] = lockTree([wait(2, 1), wait(3, 2), wait(3, 1), wait(4, 3)]);
  expect(others).toEqual([]);
  expect(root).toMatchObject({ connectionId: 1, blocked: 3, wait: undefined });
  expect(root!.waiters.map(({ connectionId }) => connectionId)).toEqual([2, 3]);
  expect(root!.waiters[1]!.waiters.map(({ connectionId }) => connectionId)).toEqual([4]);
});

it('takes no time over hundreds who all wait for each other’s forerunners', () => {
  const all = Array.from({ length: 300 }, (_, one) =>
    Array.from({ length: one }, (__, other) => wait(one, other)),
  ).flat();
  const [root] = lockTree(all);
  expect(root!.blocked).toBe(299);
});

it('puts who holds up most first, and names nobody twice for several locks', () => {
  expect(
    lockTree([wait(2, 1), wait(4, 3), wait(5, 3), wait(5, 3)]).map(({ connectionId, blocked }) => [
      connectionId,
      blocked,
    ]),
  ).toEqual([
    [3, 2],
    [1, 1],
  ]);
});

it('cuts circles', () => {
  expect(lockTree([wait(1, 2), wait(2, 1)])).toHaveLength(1);
  expect(lockTree([])).toEqual([]);
});
