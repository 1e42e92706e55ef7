import { useQuery } from '@tanstack/react-query';
import { ChangePane } from '@/components/servers/change-pane';
import type { BeginAction } from '@/components/servers/use-server-change';
import { useServerPlan } from '@/components/servers/use-server-plan';
import { serverId, type ServerKey } from '@/lib/arm/resource-id';
import { useArmAction } from '@/lib/queries/action';
import { firewallRulesQuery } from '@/lib/queries/firewall-rules';
import { usePermission } from '@/lib/queries/permissions';
import { freeRuleName, type NamedAddressRange } from '@/lib/rules/address-ranges';
import { describeFirewall } from '@/lib/rules/server-changes';

interface AddAddressPaneProps {
  server: ServerKey;
  address: string;
  putRule: BeginAction<[ServerKey, NamedAddressRange]>;
  onClose: () => void;
  /** The rule is in force. */
  onDone: () => void;
}

const ID = 'rule';

/** One firewall rule for one address, reviewed before it is sent. */
export function AddAddressPane({ server, address, putRule, onClose, onDone }: AddAddressPaneProps) {
  const rules = useQuery(firewallRulesQuery(server));
  const forbidden = usePermission(serverId(server), 'Microsoft.DBforMySQL/flexibleServers/firewallRules/write');
  const put = useArmAction(putRule);
  const plan = useServerPlan();
  const before = (rules.data ?? []).map(({ name, properties }) => ({ name, ...properties }));
  const name = freeRuleName(
    'my-address',
    before.map((rule) => rule.name),
  );
  const rule = { name, startIpAddress: address, endIpAddress: address };
  const state = plan.states[ID];
  const apply = async () => {
    const title = `Allowing ${address} on ${server.serverName}`;
    const failed = await plan.run([{ id: ID, server, title, begin: () => put.run(server, rule) }]);
    if (failed === 0) onDone();
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={`Allow ${address}`}
      subtitle={server.serverName}
      change={rules.data && describeFirewall(server, before, [...before, rule])}
      applyLabel="Allow this address"
      applyDisabledReason={forbidden ?? (rules.isPending && 'The rules are being loaded.')}
      onApply={() => void apply()}
      pending={plan.pending}
      error={
        state && 'error' in state ? state.error : rules.error && { code: 'NotLoaded', message: rules.error.message }
      }
    />
  );
}
