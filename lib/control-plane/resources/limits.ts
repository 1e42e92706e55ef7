import { FLEXDECK_LOCAL, FLEXDECK_LOCAL_VERSION } from '../../arm/flexdeck-local.ts';
import { cpuHoldOf } from '../mysql/cpu-hold.ts';
import { findMysqld } from '../operations/mysqld.ts';
import { sizeOf } from '../operations/world.ts';
import { findPrimary } from '../store/instances.ts';
import type { ServerRow } from '../store/servers.ts';
import { requireServer, type Resources } from './resources.ts';
import type { ArmRoute } from './route.ts';
import { serverResourceId } from './server-shape.ts';
import { ONE_SERVER } from './servers.ts';

const TYPE = `${FLEXDECK_LOCAL}/limits`;

/** What this machine holds a server to of its size. */
export function limitRoutes(resources: Resources): ArmRoute[] {
  return [
    {
      method: 'GET',
      path: `${ONE_SERVER}/providers/${TYPE}/default`,
      operationId: 'Limits_Get',
      action: `${TYPE}/read`,
      apiVersions: [FLEXDECK_LOCAL_VERSION],
      handle: (request) => {
        const server = requireServer(resources, request);
        return {
          status: 200,
          body: {
            id: `${serverResourceId(server)}/providers/${TYPE}/default`,
            name: 'default',
            type: TYPE,
            properties: { processors: processorsOf(resources, server) },
          },
        };
      },
    },
  ];
}

/** @returns a sentence for people. */
function processorsOf({ control: { world } }: Resources, server: ServerRow): string {
  const { vCores } = sizeOf(server.intent);
  const { cpus } = world.machine;
  const all = `${cpus} ${cpus === 1 ? 'processor' : 'processors'}`;
  if (vCores >= cpus) return `Not held: the size has ${vCores} vCores, and this machine no more than ${all}.`;
  if (!world.holdsProcessors) {
    return `Not held: a server may use all ${all} of this machine. FLEXDECK_CPU_LIMITS=1 holds servers to their vCores.`;
  }
  const primary = findPrimary(world.database, server.id);
  const running = primary && findMysqld(world, primary);
  if (!running) return 'Held once the server runs.';
  const hold = cpuHoldOf(running.pid, cpus);
  if (!hold) return `Not held: this machine does not let the control plane do that. A server may use all ${all}.`;
  const how = hold.way === 'affinity' ? 'by running on no others' : 'by a control group of the kernel';
  return `Held to ${hold.processors} of ${all}, ${how}.`;
}
