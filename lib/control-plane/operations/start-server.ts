import { setRestarts, readPrimary } from '../store/instances.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationDefinition } from './definition.ts';
import { clientsAreAnswered, gatewayListens, mysqldRuns, refuseUnlessAllowed, serverIdOf } from './server-steps.ts';
import { wakeStandby } from './standby-steps.ts';
import type { World } from './world.ts';

export const startServer: OperationDefinition<World> = {
  armName: 'StartServerManagementOperation',
  title: 'Start server',
  action: 'Microsoft.DBforMySQL/flexibleServers/start/action',
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'undo',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'start');
  },
  steps: [mysqldRuns, gatewayListens, clientsAreAnswered],
  succeeded(context) {
    const { database } = context.world;
    const id = serverIdOf(context);
    wakeStandby(context);
    setRestarts(database, readPrimary(database, id).id, []);
    updateServer(database, id, { state: 'Ready', stateReason: null });
  },
  failed({ world: { database }, operation }, error) {
    const stateReason = `The last start failed: ${error.message}`;
    updateServer(database, serverIdOf({ operation }), { state: 'Stopped', stateReason });
  },
};
