import { updateServer } from '../store/servers.ts';
import { logArchived } from './archive-steps.ts';
import type { OperationDefinition } from './definition.ts';
import { gatewayClosed, mysqldStopped, refuseUnlessAllowed, serverIdOf } from './server-steps.ts';
import { standbyRests } from './standby-leaves.ts';
import type { World } from './world.ts';

export const stopServer: OperationDefinition<World> = {
  armName: 'StopServerManagementOperation',
  title: 'Stop server',
  action: 'Microsoft.DBforMySQL/flexibleServers/stop/action',
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'undo',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'stop');
  },
  steps: [gatewayClosed, logArchived, standbyRests, mysqldStopped],
  succeeded({ world: { database, clock }, operation }) {
    const stoppedAt = clock.now();
    updateServer(database, serverIdOf({ operation }), { state: 'Stopped', stateReason: null, stoppedAt });
  },
  failed({ world: { database }, operation }, error) {
    const stateReason = `The last stop failed: ${error.message}`;
    updateServer(database, serverIdOf({ operation }), { state: 'Ready', stateReason });
  },
};
