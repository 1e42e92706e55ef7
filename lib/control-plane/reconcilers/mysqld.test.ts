import { expect, test } from 'vitest';
import { planRecovery, RESTART_POLICY, type Observed } from './mysqld.ts';

const NOW = 1_000_000_000;
const MINUTE = 60_000;

const server = (observed: Partial<Observed>): Observed => ({
  serverId: 'id',
  name: 'orders',
  desired: 'running',
  alive: false,
  busy: false,
  restarts: [],
  ...observed,
});

test('a dead mysqld that should run is started again', () => {
  expect(planRecovery([server({})], NOW)).toEqual([
    { do: 'recover', serverId: 'id', restarts: [NOW], story: 'starting mysqld of orders again, attempt 1 of 5' },
  ]);
});

test.each([
  ['it lives', { alive: true }],
  ['it is not wanted', { desired: 'stopped' as const }],
  ['an operation sees to it', { busy: true }],
])('nothing is done when %s', (_, observed) => {
  expect(planRecovery([server(observed)], NOW)).toEqual([]);
});

test('after five starts within five minutes it is left alone', () => {
  const restarts = Array.from({ length: RESTART_POLICY.most }, (_, index) => NOW - index * 1000);
  expect(planRecovery([server({ restarts })], NOW)).toEqual([
    { do: 'giveUp', serverId: 'id', story: 'gave up orders: 5 starts within 5 minutes' },
  ]);
});

test('starts of long ago do not count, and are forgotten', () => {
  const restarts = [NOW - 9 * MINUTE, NOW - 8 * MINUTE, NOW - 7 * MINUTE, NOW - 6 * MINUTE, NOW - MINUTE];
  expect(planRecovery([server({ restarts })], NOW)).toMatchObject([{ do: 'recover', restarts: [NOW - MINUTE, NOW] }]);
});
