import { serverId as armServerId } from '../../arm/resource-id.ts';
import { recordActivity } from '../operations/activity-event.ts';
import type { World } from '../operations/world.ts';
import { transaction } from '../store/database.ts';
import { moveServers } from '../store/servers.ts';
import { itself } from './itself.ts';

/**
 * A home keeps its part of the loopback network, unless its claim was lost (it lies in /tmp) and another home has it by
 * now. Then its servers move: two gateways cannot listen on one address. Certificates follow by themselves. Once, at the
 * start, before the gateway is told anything.
 */
export function moveStrayServers(
  { database, clock, log, newId, addressBlock }: Pick<World, 'database' | 'clock' | 'log' | 'newId' | 'addressBlock'>,
  tenantId: string,
): void {
  transaction(database, () => {
    for (const { server, from } of moveServers(database, addressBlock)) {
      const { subscriptionId, resourceGroup, name: serverName, address } = server;
      const story = `Another Flexdeck on this machine has taken ${from} over. The server’s address is ${address} now.`;
      log.warn({ server: serverName, from, address }, 'a server had to move to another address');
      recordActivity(database, {
        action: 'Flexdeck.Local/flexibleServers/move/action',
        title: 'Address changed',
        resourceId: armServerId({ subscriptionId, resourceGroup, serverName }),
        caller: itself(tenantId, newId()),
        status: 'Succeeded',
        story,
        operationId: newId(),
        eventId: newId(),
        at: clock.now(),
      });
    }
  });
}
