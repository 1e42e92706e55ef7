import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startLoop, teller } from './loop.ts';

const log = pino({ level: 'silent' });

test('ticks never overlap; a wake during one makes one more', async () => {
  let underway = 0;
  let most = 0;
  let ticks = 0;
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const second = Promise.withResolvers<void>();
  const loop = startLoop(
    {
      name: 'test',
      everyMs: 60_000,
      async tick() {
        most = Math.max(most, ++underway);
        const gate = gates[ticks++];
        if (ticks === 2) second.resolve();
        await gate?.promise;
        underway--;
        return undefined;
      },
    },
    log,
  );
  loop.wake();
  loop.wake();
  gates[0]!.resolve();
  await second.promise;
  gates[1]!.resolve();
  await loop.stop();
  expect({ ticks, most }).toEqual({ ticks: 2, most: 1 });
});

test('goes on after a tick that fails, by its timer', async () => {
  let ticks = 0;
  const third = Promise.withResolvers<void>();
  const tick = async () => {
    if (++ticks === 3) third.resolve();
    throw new Error('no');
  };
  const loop = startLoop({ name: 'test', everyMs: 1, tick }, log);
  await third.promise;
  await loop.stop();
  const then = ticks;
  loop.wake();
  expect(ticks).toBe(then);
});

test('a fault that stays is told of once a minute, with how often it was there; another one at once', () => {
  const told: unknown[] = [];
  let now = 0;
  const tell = teller(
    ({ err, again }) => told.push([(err as Error).message, again]),
    () => now,
  );
  for (; now < 60_000; now += 50) tell(new Error('full'));
  tell(new Error('other'));
  tell(new Error('full'));
  expect(told).toEqual([
    ['full', undefined],
    ['other', undefined],
    ['full', 1199],
  ]);
});
