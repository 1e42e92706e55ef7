import { readPrimary, setDesired, setRestarts } from '../store/instances.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationDefinition } from './definition.ts';
import {
  clientsAreAnswered,
  gatewayClosed,
  gatewayListens,
  mysqldRuns,
  mysqldStopped,
  refuseUnlessAllowed,
  serverIdOf,
} from './server-steps.ts';
import type { World } from './world.ts';

export const restartServer: OperationDefinition<World> = {
  armName: 'RestartServerManagementOperation',
  title: 'Restart server',
  action: 'Microsoft.DBforMySQL/flexibleServers/restart/action',
  exclusive: true,
  lane: 'server',
  // A mysqld that no client can reach is stopped again. What came before is not undone: it would be a second try.
  whenAStepFails: 'undo',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'restart');
  },
  steps: [
    { ...gatewayClosed, undo: undefined },
    { ...mysqldStopped, undo: undefined },
    mysqldRuns,
    gatewayListens,
    clientsAreAnswered,
  ],
  succeeded({ world: { database }, operation }) {
    const id = serverIdOf({ operation });
    setRestarts(database, readPrimary(database, id).id, []);
    updateServer(database, id, { state: 'Ready', stateReason: null });
  },
  failed({ world: { database }, operation }, error) {
    const id = serverIdOf({ operation });
    setDesired(database, readPrimary(database, id).id, 'stopped');
    const stateReason = `The last restart failed: ${error.message}`;
    updateServer(database, id, { state: 'Disabled', stateReason, front: 'closed' });
  },
};
