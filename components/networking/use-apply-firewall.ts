import { useQueryClient } from '@tanstack/react-query';
import { useServerPlan, type PlannedWrite } from '@/components/servers/use-server-plan';
import type { ServerKey } from '@/lib/arm/resource-id';
import { apiPaths } from '@/lib/paths';
import { useArmAction } from '@/lib/queries/action';
import { keyOf } from '@/lib/queries/client';
import type { FirewallPlan } from '@/lib/rules/server-changes';
import type { NetworkingActions } from './networking-actions';

/** Sends a firewall plan: what lets in first, and only when all of that is in force, what shuts out. */
export function useApplyFirewall(server: ServerKey, actions: NetworkingActions) {
  const put = useArmAction(actions.putRule);
  const remove = useArmAction(actions.removeRule);
  const plan = useServerPlan();
  const client = useQueryClient();

  const apply = async ({ put: wanted, remove: unwanted }: FirewallPlan) => {
    plan.reset();
    const failed = await plan.run(
      wanted.map((rule): PlannedWrite => ({
        id: rule.name.toLowerCase(),
        server,
        title: `Allowing ${rule.name} on ${server.serverName}`,
        begin: () => put.run(server, rule),
      })),
    );
    if (failed === 0) {
      await plan.run(
        unwanted.map(({ name }): PlannedWrite => ({
          id: name.toLowerCase(),
          server,
          title: `Removing ${name} from ${server.serverName}`,
          begin: () => remove.run(server, name),
        })),
      );
    } else {
      for (const { name } of unwanted) plan.setState(name.toLowerCase(), { status: 'leftOut', error: KEPT });
    }
    // The server too: its state may be why a rule was refused.
    await client.invalidateQueries({ queryKey: keyOf(apiPaths.server(server)) });
  };

  return {
    apply,
    pending: plan.pending,
    reset: plan.reset,
    /** By the rule's name in lower case. */
    states: plan.states,
    failures: Object.entries(plan.states).flatMap(([name, state]) =>
      'error' in state ? [{ name, error: state.error }] : [],
    ),
  };
}

const KEPT = {
  code: 'NotSent',
  message: 'It was not removed, because another rule of this change failed. Apply again to remove it.',
};
