import { FLEXDECK_LOCAL } from '../../arm/flexdeck-local.ts';
import { findStandby, readPrimary, setRuntime } from '../store/instances.ts';
import { updateMaintenance } from '../store/maintenances.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationDefinition } from './definition.ts';
import type { PatchServerInput } from './patch-server.ts';
import { refuseUnlessAllowed, serverIdOf } from './server-steps.ts';
import { letStandbyGo } from './standby-leaves.ts';
import { standbyOf } from './standby-state.ts';
import { standbySteps } from './standby-steps.ts';
import { ensureRuntimeStarts } from './trial.ts';
import { runtimeOf, type World } from './world.ts';

/**
 * The standby goes on with another build of MySQL while the primary serves clients. Twice in a maintenance: before the
 * two change places, and after it, when the old primary is the standby.
 */
export const patchStandby: OperationDefinition<World, PatchServerInput> = {
  armName: 'MaintenanceManagementOperation',
  title: 'Maintain standby',
  action: `${FLEXDECK_LOCAL}/flexibleServers/maintainStandby/action`,
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'leave',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'update');
  },
  steps: [
    {
      name: 'runtimeTried',
      stage: 'Trying the new build beside the server',
      ensure: (context) => ensureRuntimeStarts(context, runtimeOf(context.world, context.input.to)),
    },
    {
      name: 'standbyLetGo',
      stage: 'Stopping the standby',
      ensure: (context) => letStandbyGo(context, 'The standby is being maintained.'),
    },
    {
      name: 'runtimeSwitched',
      stage: 'Switching the standby to the new build',
      ensure: (context) => setRuntime(context.world.database, standbyOf(context).id, context.input.to),
    },
    ...standbySteps,
  ],
  succeeded({ world: { database }, operation }) {
    updateServer(database, serverIdOf({ operation }), { state: 'Ready', stateReason: null });
  },
  failed({ world: { database, clock }, operation, input }, error) {
    const id = serverIdOf({ operation });
    const standby = findStandby(database, id);
    const reason = `The standby could not be maintained: ${error.message}`;
    updateServer(database, id, { state: 'Ready', stateReason: reason });
    // The primary has the new build: a standby of the old one could not follow it. The high availability reconciler goes on.
    if (readPrimary(database, id).runtimeId === input.to) {
      if (standby) setRuntime(database, standby.id, input.to);
      return;
    }
    if (standby) setRuntime(database, standby.id, input.from);
    updateMaintenance(database, input.maintenance, { state: 'Canceled', executionEndedAt: clock.now(), reason });
  },
};
