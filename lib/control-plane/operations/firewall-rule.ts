import { ArmError } from '../../arm/error.ts';
import { deleteFirewallRule, putFirewallRule, type FirewallRuleRow } from '../store/firewall-rules.ts';
import { isOvertaken } from '../store/operations.ts';
import { updateServer } from '../store/servers.ts';
import type { OperationContext, OperationDefinition, Step } from './definition.ts';
import { refuseUnlessAllowed, serverIdOf, serverOf } from './server-steps.ts';
import type { World } from './world.ts';

export interface FirewallRuleInput {
  name: string;
  /** The rule of that name before; it is there again when the operation fails. */
  previous: FirewallRuleRow | null;
}

const rulesInForce: Step<World, FirewallRuleInput> = {
  name: 'rulesInForce',
  stage: 'Applying the firewall rules',
  perishable: true,
  async ensure(context) {
    const server = serverOf(context);
    if (server.deletedAt !== null) throw new ArmError('ResourceNotFound', 404, `The server '${server.name}' is gone.`);
    await context.world.fronts.push();
  },
  async undo(context) {
    restoreRule(context);
    await context.world.fronts.push();
  },
};

const common = {
  exclusive: false,
  lane: 'firewall',
  whenAStepFails: 'undo',
  check({ database }, operation) {
    refuseUnlessAllowed(database, operation, 'firewall');
  },
  steps: [rulesInForce],
  succeeded({ world: { database }, operation }) {
    updateServer(database, serverIdOf({ operation }), {});
  },
} satisfies Partial<OperationDefinition<World, FirewallRuleInput>>;

export const putFirewallRuleOperation: OperationDefinition<World, FirewallRuleInput> = {
  ...common,
  armName: 'UpsertServerFirewallRulesManagementOperation',
  title: 'Create or update firewall rule',
  action: 'Microsoft.DBforMySQL/flexibleServers/firewallRules/write',
};

export const deleteFirewallRuleOperation: OperationDefinition<World, FirewallRuleInput> = {
  ...common,
  armName: 'DropServerFirewallRulesManagementOperation',
  title: 'Delete firewall rule',
  action: 'Microsoft.DBforMySQL/flexibleServers/firewallRules/delete',
};

function restoreRule(context: OperationContext<World, FirewallRuleInput>): void {
  const { database } = context.world;
  const { name, previous } = context.input;
  // Somebody has asked for something else of this rule since.
  if (isOvertaken(database, context.operation)) return;
  if (previous) putFirewallRule(database, previous);
  else deleteFirewallRule(database, serverIdOf(context), name);
}
