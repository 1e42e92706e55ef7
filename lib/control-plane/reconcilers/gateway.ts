import type { GatewayLink } from '../operations/gateway-link.ts';
import type { createFronts } from '../operations/fronts.ts';
import type { Reconciler } from './loop.ts';

/** Keeps a gateway running that does what the store says. */
export function gatewayReconciler(fronts: ReturnType<typeof createFronts>, link: GatewayLink): Reconciler {
  return {
    name: 'gateway',
    everyMs: 2_000,
    async tick() {
      const client = await link.client();
      if (fronts.isInForce(await client.version())) return undefined;
      const statuses = await fronts.push();
      const deaf = statuses.filter(({ listening }) => !listening);
      const troubles = deaf.map(
        ({ address, port, listenError }) => `; ${address}:${port} does not listen: ${listenError}`,
      );
      return `told gateway ${client.hello.pid} about ${statuses.length} servers${troubles.join('')}`;
    },
  };
}
