import { expect, test } from 'vitest';
import { planRecovery, RESTART_POLICY, type Observed } from './mysqld.ts';

const NOW = 1_000_000_000;
const MINUTE = 60_000;

const server = (observed: Partial<Observed>): Observed => ({
  serverId: 'id',
  name: 'orders',
  desired: 'running',
  alive: false,
  unfinished: false,
  stoppedOnPurpose: false,
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

test('stamps of a clock that was set back do not count', () => {
  const restarts = Array.from({ length: RESTART_POLICY.most }, () => NOW + 60 * MINUTE);
  expect(planRecovery([server({ restarts })], NOW)).toMatchObject([{ do: 'recover', restarts: [NOW] }]);
});

test('one that ended with the control plane is started, which is no recovery, but bounded as well', () => {
  expect(planRecovery([server({ stoppedOnPurpose: true })], NOW)).toEqual([
    { do: 'resume', serverId: 'id', restarts: [NOW], story: 'starting mysqld of orders with the control plane' },
  ]);
  const restarts = Array.from({ length: RESTART_POLICY.most }, () => NOW);
  expect(planRecovery([server({ stoppedOnPurpose: true, restarts })], NOW)).toMatchObject([{ do: 'giveUp' }]);
});

test('one that lives but did not come back whole is looked after again, now and then, and never given up', () => {
  const half = server({ alive: true, unfinished: true });
  expect(planRecovery([half], NOW)).toMatchObject([{ do: 'finish', restarts: [NOW] }]);
  const restarts = Array.from({ length: RESTART_POLICY.most }, () => NOW);
  expect(planRecovery([{ ...half, restarts }], NOW)).toEqual([]);
  expect(planRecovery([{ ...half, restarts }], NOW + 6 * MINUTE)).toMatchObject([{ do: 'finish' }]);
});
