import { killMysqld } from '../mysql/process.ts';
import { findMysqld } from '../operations/mysqld.ts';
import type { World } from '../operations/world.ts';
import { isZoneLost, zoneWords } from '../operations/zones.ts';
import { findPrimary, listInstances } from '../store/instances.ts';
import { listLostZones } from '../store/lost-zones.ts';
import { findExclusiveOperation } from '../store/operations.ts';
import { listServers, updateServer, type ServerRow } from '../store/servers.ts';
import type { Reconciler } from './loop.ts';

/**
 * Sees to it that nothing runs in a zone that was lost on purpose, and says of servers that have nobody elsewhere why they
 * are not there. Who has a standby elsewhere fails over as after any other death.
 */
export function zonesReconciler(world: World): Reconciler {
  const { database, fronts } = world;

  async function kill(server: ServerRow): Promise<string[]> {
    const lost = listInstances(database, server.id).filter(({ zone }) => isZoneLost(database, server, zone));
    const killed = await Promise.all(
      lost.map(async (instance) => {
        const running = findMysqld(world, instance);
        if (!running) return [];
        await killMysqld(running);
        return [`${zoneWords(server, instance.zone)} is lost: ended the ${instance.role} of ${server.name}`];
      }),
    );
    return killed.flat();
  }

  /** Its process stays wanted: it is started again when the zone is back. */
  function say(server: ServerRow): boolean {
    const primary = findPrimary(database, server.id);
    if (!primary || primary.desired !== 'running' || !isZoneLost(database, server, primary.zone)) return false;
    // Where the standby may take over, it does.
    if (server.haState === 'Healthy' || server.haState === 'FailingOver') return false;
    if (server.state === 'Disabled' || findExclusiveOperation(database, server.id)) return false;
    const stateReason = `${zoneWords(server, primary.zone)} is lost: somebody rehearses its loss. The server comes back with the zone.`;
    updateServer(database, server.id, { state: 'Disabled', stateReason, front: 'closed' });
    return true;
  }

  return {
    name: 'zones',
    everyMs: 500,
    async tick() {
      const places = new Set(
        listLostZones(database).map(({ subscriptionId, location }) => `${subscriptionId} ${location}`),
      );
      if (places.size === 0) return undefined;
      const servers = listServers(database).filter(({ subscriptionId, location }) =>
        places.has(`${subscriptionId} ${location}`),
      );
      const stories = (await Promise.all(servers.map(kill))).flat();
      if (servers.filter(say).length > 0) await fronts.push();
      return stories.join('; ') || undefined;
    },
  };
}
