import { FLEXDECK_LOCAL } from '../../arm/flexdeck-local.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationDefinition } from './definition.ts';
import { refuseUnlessAllowed, serverIdOf, serverOf, withServer } from './server-steps.ts';
import type { World } from './world.ts';

/** Longer than a statement takes to end; one that holds tables locked is not waited for, but tried again. */
const WAIT_SECONDS = 10;

/** Clients may write, or not, as the storage has it. The daemon's own account may always: it is above `read_only`. */
export const setStorageAccess: OperationDefinition<World, { full: boolean }> = {
  armName: 'SetStorageAccessManagementOperation',
  title: 'Protect the storage',
  action: `${FLEXDECK_LOCAL}/flexibleServers/protectStorage/action`,
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'leave',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'update');
  },
  steps: [
    {
      name: 'accessSet',
      stage: 'Setting whether clients may write',
      async ensure(context) {
        const { storageFull } = serverOf(context);
        await withServer(context, async (connection) => {
          await connection.query(`SET SESSION lock_wait_timeout = ${WAIT_SECONDS}`);
          await connection.query(`SET GLOBAL read_only = ${storageFull ? 'ON' : 'OFF'}`);
        });
      },
    },
  ],
  succeeded({ world: { database }, operation }) {
    updateServer(database, serverIdOf({ operation }), { state: 'Ready', stateReason: null });
  },
  story: ({ input }) =>
    input.full
      ? 'The storage is almost full: the server is read-only.'
      : 'There is enough free storage again: the server takes writes.',
  failed({ world: { database }, operation, input }) {
    const storageFull = input.full ? 0 : 1;
    updateServer(database, serverIdOf({ operation }), { state: 'Ready', stateReason: null, storageFull });
  },
};
