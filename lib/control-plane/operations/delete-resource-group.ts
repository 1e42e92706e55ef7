import { ArmError } from '../../arm/error.ts';
import { resourceGroupId } from '../../arm/resource-id.ts';
import { deleteResourceGroup, findResourceGroup, setResourceGroupState } from '../store/resource-groups.ts';
import { deleteMonitorResourcesIn } from '../store/monitor-resources.ts';
import { findExclusiveOperation } from '../store/operations.ts';
import { listServers, readServer } from '../store/servers.ts';
import { beginDeleteServer, type DeleteResourceGroupInput } from './begin.ts';
import type { OperationContext, OperationDefinition } from './definition.ts';
import type { World } from './world.ts';

type Context = OperationContext<World, DeleteResourceGroupInput>;

export const deleteResourceGroupOperation: OperationDefinition<World, DeleteResourceGroupInput> = {
  armName: 'DeleteResourceGroup',
  title: 'Delete resource group',
  action: 'Microsoft.Resources/subscriptions/resourceGroups/delete',
  exclusive: false,
  lane: 'group',
  whenAStepFails: 'leave',
  check({ database }, { subscriptionId, input, resourceId }) {
    const { resourceGroup } = input as DeleteResourceGroupInput;
    const group = findResourceGroup(database, subscriptionId, resourceGroup);
    if (group?.state !== 'Deleting') return;
    throw new ArmError(
      'ResourceGroupBeingDeleted',
      409,
      `The resource group '${group.name}' is already being deleted.`,
      {
        target: resourceId,
      },
    );
  },
  steps: [
    {
      name: 'serversDeleted',
      stage: 'Deleting the group’s servers',
      async ensure(context) {
        const servers = serversIn(context);
        await Promise.all(servers.map(({ id }) => deleteWhenFree(context, id)));
      },
    },
  ],
  succeeded({ world: { database }, operation, input }) {
    deleteMonitorResourcesIn(database, operation.subscriptionId, input.resourceGroup);
    deleteResourceGroup(database, operation.subscriptionId, input.resourceGroup);
  },
  failed({ world: { database }, operation, input }) {
    setResourceGroupState(database, operation.subscriptionId, input.resourceGroup, 'Succeeded');
  },
};

function serversIn({ world, operation, input }: Context) {
  return listServers(world.database, {
    subscriptionId: operation.subscriptionId,
    resourceGroup: input.resourceGroup,
  });
}

/** Each server's deletion is an operation of its own, after whatever it is busy with. */
async function deleteWhenFree({ world, engine, operation }: Context, serverId: string): Promise<void> {
  for (;;) {
    const running = findExclusiveOperation(world.database, serverId);
    if (!running) break;
    await engine.ended(running.id);
  }
  const server = readServer(world.database, serverId);
  if (server.deletedAt !== null) return;
  const { caller, apiVersion } = operation;
  const begun = beginDeleteServer({ world, engine }, { server, caller, apiVersion });
  const { error } = await engine.ended(begun.id);
  if (!error) return;
  const group = resourceGroupId(operation.subscriptionId, server.resourceGroup);
  throw new ArmError('ResourceGroupDeletionBlocked', 409, `The server '${server.name}' could not be deleted.`, {
    target: group,
    details: [error],
  });
}
