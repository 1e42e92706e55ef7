import { readPrimary, setRestarts } from '../store/instances.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationDefinition } from './definition.ts';
import { clientsAreAnswered, ensureCertificate, gatewayListens, mysqldRuns, serverIdOf } from './server-steps.ts';
import type { World } from './world.ts';

/**
 * Brings a server back whose mysqld is gone though it should run. Begun by the mysqld reconciler alone, which also
 * decides when it has been tried often enough.
 */
export const recoverServer: OperationDefinition<World> = {
  armName: 'RecoverServerManagementOperation',
  title: 'Recover server',
  action: 'Flexdeck.Local/flexibleServers/recover/action',
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'leave',
  steps: [
    {
      name: 'certificateExists',
      stage: 'Checking the server’s certificate',
      ensure: ensureCertificate,
    },
    mysqldRuns,
    gatewayListens,
    clientsAreAnswered,
  ],
  succeeded({ world: { database }, operation }) {
    updateServer(database, serverIdOf({ operation }), { state: 'Ready', stateReason: null });
  },
  failed({ world: { database }, operation }, error) {
    // It stays wanted: the reconciler tries again, or gives it up and says so.
    const stateReason = `MySQL could not be started: ${error.message}`;
    updateServer(database, serverIdOf({ operation }), { stateReason });
  },
};

/** The same for a server whose mysqld ended with the control plane or the machine: no fault, so it counts as none. */
export const resumeServer: OperationDefinition<World> = {
  ...recoverServer,
  title: 'Start server with the control plane',
  action: 'Flexdeck.Local/flexibleServers/resume/action',
  succeeded(context) {
    const { database } = context.world;
    setRestarts(database, readPrimary(database, serverIdOf(context)).id, []);
    recoverServer.succeeded?.(context);
  },
};
