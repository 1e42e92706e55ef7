import { expect, it } from 'vitest';
import type { GatewayLink } from '../operations/gateway-link.ts';
import { gatewayCounters } from './metrics.ts';

const linkTo = (counters: () => Promise<unknown>) =>
  ({ client: async () => ({ hello: { pid: 7, startedAt: '100' }, counters }) }) as unknown as GatewayLink;

it.each<[string, GatewayLink]>([
  ['hangs', linkTo(() => new Promise(() => {}))],
  ['breaks off', linkTo(() => Promise.reject(new Error('gone')))],
  ['cannot be reached', { client: () => Promise.reject(new Error('gone')) } as unknown as GatewayLink],
])('a gateway that %s is a gap, and holds up nothing', async (_, link) => {
  expect(await gatewayCounters(link, 20)).toBeUndefined();
});

it('a gateway that answers has its counts, of its own life', async () => {
  expect(
    await gatewayCounters(
      linkTo(async () => []),
      60_000,
    ),
  ).toEqual({ life: '7/100', fronts: [] });
});
