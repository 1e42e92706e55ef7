'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useCallback } from 'react';
import { FormProvider } from 'react-hook-form';
import { BladeFooter } from '@/components/blade/blade-footer';
import { FirewallRulesEditor } from '@/components/servers/firewall-rules-editor';
import { ServerBlade } from '@/components/servers/server-blade';
import { useServerKey } from '@/components/servers/server-key';
import { useServer } from '@/components/servers/use-server';
import { Card } from '@/components/ui/card';
import { Checkbox } from '@/components/ui/checkbox';
import { Notice } from '@/components/ui/notice';
import { QueryRegion } from '@/components/ui/query-region';
import { SkeletonRows } from '@/components/ui/skeleton';
import { serverId } from '@/lib/arm/resource-id';
import { firewallRulesQuery } from '@/lib/queries/firewall-rules';
import { usePermission } from '@/lib/queries/permissions';
import type { NamedAddressRange } from '@/lib/rules/address-ranges';
import { firewallFaults } from '@/lib/rules/firewall-rules';
import { actionProblem } from '@/lib/rules/server-actions';
import { describeFirewall, planFirewall } from '@/lib/rules/server-changes';
import type { NetworkingActions } from './networking-actions';
import { PublicAccessCard } from './public-access-card';
import { RuleState } from './rule-state';
import { useApplyFirewall } from './use-apply-firewall';
import { useFirewallForm } from './use-firewall-form';

const ChangePane = dynamic(() => import('@/components/servers/change-pane').then((module) => module.ChangePane));
const PasteRangesDialog = dynamic(() =>
  import('@/components/servers/paste-ranges-dialog').then((module) => module.PasteRangesDialog),
);

const PANES = ['review', 'paste'] as const;

/** Who may reach the server: its address and its firewall rules, edited together and sent after a review. */
export function NetworkingBlade({ actions }: { actions: NetworkingActions }) {
  const key = useServerKey();
  const { data: server } = useServer(key);
  const query = useQuery(firewallRulesQuery(key));
  const { methods, base, wanted, discard } = useFirewallForm(query.data);
  const applying = useApplyFirewall(key, actions);
  const [pane, setPane] = useQueryState('pane', parseAsStringLiteral(PANES).withOptions({ history: 'push' }));
  const mayWrite = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/firewallRules/write');
  const mayDelete = usePermission(serverId(key), 'Microsoft.DBforMySQL/flexibleServers/firewallRules/delete');
  const state = server?.properties.state;
  const unchangeable = mayWrite ?? (state ? actionProblem('firewall', state) : undefined);

  const faults = firewallFaults(methods.getValues().firewallRules);
  const plan = base && planFirewall(base, wanted);
  const count = plan ? plan.put.length + plan.remove.length : 0;
  const change = base && pane === 'review' && faults.length === 0 ? describeFirewall(key, base, wanted) : undefined;
  const close = () => void setPane(null);

  const { states } = applying;
  const renderNote = useCallback(
    (rule: NamedAddressRange) => <RuleState rule={rule} base={base ?? []} states={states} />,
    [base, states],
  );

  const review = async () => {
    if (await methods.trigger(undefined, { shouldFocus: true })) void setPane('review');
  };
  const apply = () => {
    close();
    if (plan) void applying.apply(plan);
  };
  const add = (rules: NamedAddressRange[]) => {
    const { getValues, setValue } = methods;
    setValue('firewallRules', [...getValues('firewallRules'), ...rules], { shouldDirty: true });
    close();
  };
  const lost = applying.failures.filter(
    ({ name }) => !wanted.some((rule) => rule.name.toLowerCase() === name.toLowerCase()),
  );

  return (
    <FormProvider {...methods}>
      <ServerBlade
        title="Networking"
        notices={
          <>
            {mayWrite && <Notice title="You can look at these rules, not change them.">{mayWrite}</Notice>}
            {lost.map(({ name, error }) => (
              <Notice key={name} tone="bad" title={`The rule “${name}” is still in force.`} live>
                {error.message} <span className="font-mono text-xs">({error.code})</span>
              </Notice>
            ))}
          </>
        }
        footer={
          <BladeFooter
            onApply={() => void review()}
            applyLabel="Apply"
            applyDisabledReason={
              unchangeable ??
              (!base ? 'The rules are being loaded.' : count === 0 && faults.length === 0 && 'Nothing is changed yet.')
            }
            unsaved={count > 0 || faults.length > 0 || applying.pending}
            onDiscard={() => {
              discard();
              applying.reset();
            }}
            discardDisabledReason={
              applying.pending
                ? 'The change is being applied.'
                : count === 0 && faults.length === 0 && 'Nothing is changed yet.'
            }
            pending={applying.pending}
            aside={
              applying.pending
                ? 'Being applied; each rule says when it is in force.'
                : count > 0 && `${count} ${count === 1 ? 'change' : 'changes'} not applied yet`
            }
          />
        }
      >
        <PublicAccessCard server={key} rules={query.data} />
        <Card title="Firewall rules" aside="a change takes effect in seconds">
          <p className="mb-3 max-w-prose text-text-2">
            An address that no rule names is refused before it can try a password.
          </p>
          <QueryRegion query={query} skeleton={<SkeletonRows rows={3} columns={3} />}>
            {() => (
              <FirewallRulesEditor
                onPaste={() => void setPane('paste')}
                disabledReason={unchangeable}
                removeDisabledReason={(rule) =>
                  mayDelete && base?.some(({ name }) => name === rule.name) ? mayDelete : undefined
                }
                emptyWords="No rule: nobody can connect. Add your address to begin."
                renderNote={renderNote}
              />
            )}
          </QueryRegion>
        </Card>
        <Card title="Azure services">
          <Checkbox
            label="Allow public access from any Azure service within Azure to this server"
            description="Adds the rule 0.0.0.0 – 0.0.0.0. On Azure it lets in all services in all subscriptions, other customers’ too; prefer rules with your own addresses. The local cloud has no such addresses: there it lets nobody in."
            disabledReason={unchangeable}
            {...methods.register('allowAzureServices')}
          />
        </Card>
        {pane === 'paste' && (
          <PasteRangesDialog
            taken={methods.getValues('firewallRules').map(({ name }) => name)}
            onAdd={add}
            onClose={close}
          />
        )}
        {pane === 'review' && change && (
          <ChangePane
            isOpen
            onClose={close}
            title="Change the firewall"
            subtitle={key.serverName}
            change={change}
            applyLabel={count === 1 ? 'Apply 1 change' : `Apply ${count} changes`}
            applyDisabledReason={unchangeable}
            onApply={apply}
          />
        )}
      </ServerBlade>
    </FormProvider>
  );
}
