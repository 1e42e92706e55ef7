import { ArmError } from '../../arm/error.ts';
import { findPrimary, readPrimary, setRestarts } from '../store/instances.ts';
import { isHalfMade } from '../store/operations.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationDefinition } from './definition.ts';
import {
  addressHeld,
  clientsAreAnswered,
  gatewayListens,
  mysqldRuns,
  refuseUnlessAllowed,
  serverIdOf,
} from './server-steps.ts';
import { wakeStandby } from './standby-leaves.ts';
import type { World } from './world.ts';
import { refuseLostZone } from './zones.ts';

export const startServer: OperationDefinition<World> = {
  armName: 'StartServerManagementOperation',
  title: 'Start server',
  action: 'Microsoft.DBforMySQL/flexibleServers/start/action',
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'undo',
  check({ database }, operation) {
    const server = refuseUnlessAllowed(database, operation, 'start');
    const primary = findPrimary(database, server.id);
    if (primary) refuseLostZone(database, server, primary.zone, operation.resourceId);
    // It may lack what keeps clients from the daemon's own account.
    if (!isHalfMade(database, serverIdOf({ operation }))) return;
    throw new ArmError('OperationNotAllowed', 409, 'The server was never made whole. Delete it and create it again.', {
      target: operation.resourceId,
    });
  },
  steps: [addressHeld, mysqldRuns, gatewayListens, clientsAreAnswered],
  succeeded(context) {
    const { database } = context.world;
    const id = serverIdOf(context);
    wakeStandby(context);
    setRestarts(database, readPrimary(database, id).id, []);
    updateServer(database, id, { state: 'Ready', stateReason: null, stoppedAt: null });
  },
  failed({ world: { database }, operation }, error) {
    const stateReason = `The last start failed: ${error.message}`;
    updateServer(database, serverIdOf({ operation }), { state: 'Stopped', stateReason });
  },
};
