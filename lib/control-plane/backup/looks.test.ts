import { expect, test } from 'vitest';
import { Looks } from './looks.ts';

test('a look is due when its time has come, or when somebody wants to know', async () => {
  const often = new Looks(5);
  await often.due();

  const seldom = new Looks(3_600_000);
  let looks = 0;
  const looking = (async () => {
    while (looks < 2) {
      await seldom.due();
      looks += 1;
      seldom.looked();
    }
  })();
  await seldom.now(60_000);
  expect(looks).toBe(1);
  await seldom.now(60_000);
  expect(looks).toBe(2);
  await looking;
});

test('nobody waits for ever', async () => {
  await new Looks(3_600_000).now(5);
});
