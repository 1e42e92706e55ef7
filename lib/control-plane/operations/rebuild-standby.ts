import { ArmError } from '../../arm/error.ts';
import { readServer, updateServer } from '../store/servers.ts';
import type { OperationDefinition } from './definition.ts';
import { serverIdOf } from './server-steps.ts';
import { standbySteps } from './standby-steps.ts';
import type { World } from './world.ts';

/**
 * Brings a standby back that was lost, or was the primary before. Begun by the high availability reconciler alone, which
 * also decides when it is tried again. It gives way to whatever people ask for.
 */
export const rebuildStandby: OperationDefinition<World> = {
  armName: 'RebuildStandbyManagementOperation',
  title: 'Rebuild standby',
  action: 'Flexdeck.Local/flexibleServers/rebuildStandby/action',
  exclusive: false,
  yields: true,
  lane: 'server',
  whenAStepFails: 'leave',
  check({ database }, operation) {
    const { haState } = readServer(database, serverIdOf({ operation }));
    if (haState !== 'CreatingStandby') {
      throw new ArmError('OperationNotAllowed', 409, `High availability is ${haState}: no standby is missing.`);
    }
  },
  // What it was begun for may be over by the time that it is its turn.
  steps: standbySteps.map((step) => ({
    ...step,
    needed: ({ world, operation }) =>
      readServer(world.database, serverIdOf({ operation })).haState === 'CreatingStandby',
  })),
  succeeded() {},
  failed({ world: { database }, operation }, error) {
    const id = serverIdOf({ operation });
    if (readServer(database, id).haState !== 'CreatingStandby' || error.code === 'OperationPreempted') return;
    updateServer(database, id, { haReason: `The standby could not be made: ${error.message}` });
  },
  story: () => 'The standby has caught up: it can take over.',
};
