import type { GatewayLink } from '../operations/gateway-link.ts';
import type { World } from '../operations/world.ts';
import type { Reconciler } from './loop.ts';

/** Keeps a gateway running that does what the store says. */
export function gatewayReconciler(
  { fronts }: Pick<World, 'fronts'>,
  link: GatewayLink,
  inForce: () => { version: number; epoch: number },
): Reconciler {
  return {
    name: 'gateway',
    everyMs: 2_000,
    async tick() {
      const client = await link.client();
      const { version, epoch } = await client.version();
      const wanted = inForce();
      if (epoch === wanted.epoch && version >= wanted.version) return undefined;
      const statuses = await fronts.push();
      const deaf = statuses.filter(({ listening }) => !listening);
      const troubles = deaf.map(
        ({ address, port, listenError }) => `; ${address}:${port} does not listen: ${listenError}`,
      );
      return `told gateway ${client.hello.pid} about ${statuses.length} servers${troubles.join('')}`;
    },
  };
}
