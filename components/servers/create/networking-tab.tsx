'use client';

import { Section } from '@/components/ui/card';
import { Checkbox } from '@/components/ui/checkbox';
import { DefinitionList } from '@/components/ui/definition-list';
import { FirewallRulesEditor } from '@/components/servers/firewall-rules-editor';
import { FieldAnchor } from './field-anchor';
import { useCreateForm } from './form-fields';

/** Who may reach the server. */
export function NetworkingTab({ onPaste }: { onPaste: () => void }) {
  const { register } = useCreateForm();
  return (
    <div className="grid gap-6">
      <Section
        title="Connectivity"
        description="The server has an address of its own and takes TLS connections from the addresses that you allow, and from no others."
      >
        <div className="-mx-3.5 md:-mx-4">
          <DefinitionList
            columns={1}
            items={[
              { term: 'Access', value: 'Public access, allowed addresses only' },
              { term: 'TLS', value: '1.2 or later. Connections without TLS are refused.' },
            ]}
          />
        </div>
      </Section>
      <Section
        title="Firewall rules"
        description="With no rule nobody can connect. Rules can be changed at any time; a change takes effect in seconds."
      >
        <FieldAnchor field="firewallRules">
          <FirewallRulesEditor onPaste={onPaste} />
        </FieldAnchor>
      </Section>
      <Section title="Azure services">
        <Checkbox
          label="Allow public access from any Azure service within Azure to this server"
          description="Adds the rule 0.0.0.0 – 0.0.0.0. On Azure it lets in all services in all subscriptions, other customers’ too; prefer rules with your own addresses. The local cloud has no such addresses: there it lets nobody in."
          {...register('allowAzureServices')}
        />
      </Section>
    </div>
  );
}
