import { GatewayGoneError } from '../gateway/wire.ts';
import { processState } from '../mysql/adoption.ts';
import type { GatewayLink } from '../operations/gateway-link.ts';
import type { createFronts } from '../operations/fronts.ts';
import type { Reconciler } from './loop.ts';

/** One answer may be missed for this daemon's own slowness, and somebody may be about to let a stopped one go on. */
const MOST_MISSES = 2;

/** Keeps a gateway running that does what the store says. One that hangs is replaced: its clients hang with it. */
export function gatewayReconciler(fronts: ReturnType<typeof createFronts>, link: GatewayLink): Reconciler {
  let misses = 0;
  return {
    name: 'gateway',
    everyMs: 2_000,
    async tick() {
      const client = await link.client();
      const { pid } = client.identity;
      const isFrozen = processState(pid) === 'T';
      if (isFrozen) misses += 1;
      if (misses >= MOST_MISSES) {
        misses = 0;
        await client.kill();
        return `ended gateway ${pid}, which did not answer`;
      }
      if (isFrozen) return undefined;
      const version = await client.version().catch((failure) => {
        if (!(failure instanceof GatewayGoneError)) misses += 1;
        throw failure;
      });
      misses = 0;
      if (fronts.isInForce(version)) return undefined;
      const statuses = await fronts.push();
      const deaf = statuses.filter(({ listening }) => !listening);
      const troubles = deaf.map(
        ({ address, port, listenError }) => `; ${address}:${port} does not listen: ${listenError}`,
      );
      return `told gateway ${client.hello.pid} about ${statuses.length} servers${troubles.join('')}`;
    },
  };
}
