import { setRestarts } from '../store/instances.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationDefinition } from './definition.ts';
import { failoverServer } from './failover-server.ts';
import { rollingSteps, type RollingInput } from './rolling.ts';
import { primaryOf, refuseUnlessAllowed, serverIdOf } from './server-steps.ts';
import type { World } from './world.ts';

/** A restart of a server whose standby may take over: one side after the other. */
export const rollServer: OperationDefinition<World, RollingInput> = {
  armName: 'RestartServerManagementOperation',
  title: 'Restart server',
  action: 'Microsoft.DBforMySQL/flexibleServers/restart/action',
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'undo',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'restart');
  },
  steps: rollingSteps(),
  succeeded(context) {
    const { database } = context.world;
    setRestarts(database, primaryOf(context).id, []);
    updateServer(database, serverIdOf(context), { state: 'Ready', stateReason: null });
  },
  failed({ world: { database }, operation }, error) {
    const leftOver = error.details?.some(({ code }) => code === 'CleanUpIncomplete');
    updateServer(database, serverIdOf({ operation }), {
      state: leftOver ? 'Disabled' : 'Ready',
      stateReason: `The last restart failed: ${error.message}`,
      ...(leftOver ? {} : { front: 'open' as const }),
    });
  },
  story: (context) => failoverServer.story?.({ ...context, input: context.input.roll! }),
};
