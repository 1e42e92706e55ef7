import { removeLogs } from '../logs/log-files.ts';
import { removeInstance } from '../mysql/data-directory.ts';
import { deleteFirewallRules } from '../store/firewall-rules.ts';
import { deleteInstances, findPrimary, setDesired } from '../store/instances.ts';
import { updateServer } from '../store/servers.ts';
import { backupsEnded, logArchived } from './archive-steps.ts';
import type { OperationDefinition } from './definition.ts';
import { refuseUnlessAllowed, serverIdOf, setFront, stopPrimary } from './server-steps.ts';
import { removeStandbyInstance } from './standby-leaves.ts';
import { mysqlInstance, type World } from './world.ts';

export const deleteServer: OperationDefinition<World> = {
  armName: 'DropServerManagementOperation',
  title: 'Delete server',
  action: 'Microsoft.DBforMySQL/flexibleServers/delete',
  exclusive: true,
  lane: 'server',
  whenAStepFails: 'leave',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'delete');
  },
  steps: [
    {
      name: 'gatewayClosed',
      stage: 'Ending client sessions',
      ensure: (context) => setFront(context, 'none'),
    },
    backupsEnded,
    logArchived,
    {
      name: 'mysqldStopped',
      stage: 'Stopping MySQL',
      ensure: (context) => stopPrimary(context, 'kill'),
    },
    {
      name: 'filesRemoved',
      stage: 'Removing the server’s files',
      async ensure({ world, operation }) {
        await removeStandbyInstance({ world, operation });
        const primary = findPrimary(world.database, serverIdOf({ operation }));
        if (primary) await removeInstance(mysqlInstance(world, primary));
        await removeLogs({ folder: world.paths.serverLogsFolder(serverIdOf({ operation })) });
      },
    },
  ],
  succeeded({ world: { database, clock }, operation }) {
    const id = serverIdOf({ operation });
    deleteInstances(database, id);
    deleteFirewallRules(database, id);
    updateServer(database, id, { deletedAt: clock.now() });
  },
  failed({ world: { database }, operation }, error) {
    const id = serverIdOf({ operation });
    const primary = findPrimary(database, id);
    if (primary) setDesired(database, primary.id, 'stopped');
    const stateReason = `It could not be deleted: ${error.message} Delete it again.`;
    updateServer(database, id, { state: 'Disabled', stateReason });
  },
};
