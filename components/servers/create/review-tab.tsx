'use client';

import type { ReactNode } from 'react';
import { Card } from '@/components/ui/card';
import { DefinitionList, type Definition } from '@/components/ui/definition-list';
import { Notice } from '@/components/ui/notice';
import { TextButton } from '@/components/ui/text-button';
import type { ActionFailure } from '@/lib/queries/action';
import { addressRangeWarnings } from '@/lib/rules/address-ranges';
import type { CreateServerForm, CreateTab } from '@/lib/rules/create-server-form';
import { fieldErrors, firewallRulesToPut } from '@/lib/rules/create-server-request';
import { sizeWords } from './size-words';

export interface FormFault {
  tab: CreateTab;
  field: string;
  message: string;
}

interface ReviewTabProps {
  form: CreateServerForm;
  subscriptionName: string;
  locationName: string;
  faults: FormFault[];
  /** The service's refusal of the last try; shown where no field holds it. */
  refusal: ActionFailure | null;
  onEdit: (tab: CreateTab, field?: string) => void;
}

/** Everything that was chosen, by tab, with what is still wrong on top. */
export function ReviewTab({ form, subscriptionName, locationName, faults, onEdit, ...rest }: ReviewTabProps) {
  const refusal = rest.refusal && fieldErrors(rest.refusal).length === 0 ? rest.refusal : null;
  const rules = firewallRulesToPut(form);
  const warnings = addressRangeWarnings(rules);
  return (
    <div className="grid gap-4">
      {refusal && (
        <Notice tone="bad" title={refusal.code} live>
          {refusal.message}
          {refusal.requestId && (
            <span className="block font-mono text-xs text-text-3">request {refusal.requestId}</span>
          )}
        </Notice>
      )}
      <Faults faults={faults} onEdit={onEdit} />
      <Part
        title="Basics"
        onEdit={() => onEdit('basics')}
        items={[
          { term: 'Subscription', value: subscriptionName },
          { term: 'Resource group', value: form.resourceGroup },
          { term: 'Server name', value: form.serverName },
          {
            term: 'Region',
            value: form.availabilityZone ? `${locationName}, zone ${form.availabilityZone}` : locationName,
          },
          { term: 'MySQL version', value: form.version },
          { term: 'Compute + storage', value: sizeWords(form) },
          ...(form.highAvailability === 'Disabled'
            ? []
            : [
                {
                  term: 'High availability',
                  value: form.highAvailability === 'SameZone' ? 'Standby in the same zone' : 'Standby in another zone',
                },
              ]),
          { term: 'Admin name', value: form.administratorLogin },
          { term: 'Admin password', value: form.administratorPassword === '' ? '' : 'as you set it, never shown' },
        ]}
      />
      <Part
        title="Networking"
        onEdit={() => onEdit('networking')}
        items={[
          { term: 'Access', value: 'Public, allowed addresses only' },
          {
            term: 'Firewall rules',
            value:
              rules.length === 0 ? (
                <span className="text-warn">None: nobody can connect until you add one.</span>
              ) : (
                <ul>
                  {rules.map((rule, index) => {
                    const warning = warnings[index];
                    return (
                      <li key={rule.name}>
                        {rule.name}:{' '}
                        <span className="font-mono text-sm">{rangeWords(rule.startIpAddress, rule.endIpAddress)}</span>
                        {warning && <span className="block text-xs text-warn">{warning}</span>}
                      </li>
                    );
                  })}
                </ul>
              ),
          },
        ]}
      />
      <Part
        title="Security"
        onEdit={() => onEdit('security')}
        items={[
          { term: 'Data at rest', value: 'Encrypted, service-managed key' },
          { term: 'Connections', value: 'TLS 1.2 or later' },
        ]}
      />
      <Part
        title="Tags"
        onEdit={() => onEdit('tags')}
        items={
          form.tags.length === 0
            ? [{ term: 'Tags', value: 'None' }]
            : form.tags.map(({ name, value }, index) => ({
                term: name || `Tag ${index + 1}`,
                value: value || <i>empty</i>,
              }))
        }
      />
    </div>
  );
}

function Faults({ faults, onEdit }: Pick<ReviewTabProps, 'faults' | 'onEdit'>) {
  if (faults.length === 0) {
    return <Notice tone="ok">Everything is filled in. The service checks it once more before anything is made.</Notice>;
  }
  return (
    <Notice tone="bad" title={faults.length === 1 ? 'One thing to correct:' : `${faults.length} things to correct:`}>
      <ul className="mt-1">
        {faults.map(({ tab, field, message }) => (
          <li key={`${field} ${message}`} className="py-0.5">
            <TextButton onClick={() => onEdit(tab, field)}>{message}</TextButton>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function rangeWords(start: string, end: string): string {
  return start === end ? start : `${start} – ${end}`;
}

function Part({
  title,
  items,
  onEdit,
}: {
  title: string;
  items: (Omit<Definition, 'value'> & { value: ReactNode })[];
  onEdit: () => void;
}) {
  const shown = items.map((item) => ({
    ...item,
    value: item.value === '' ? <span className="text-text-3">not filled in</span> : item.value,
  }));
  return (
    <Card
      title={title}
      flush
      aside={
        <TextButton onClick={onEdit} aria-label={`Edit ${title}`}>
          Edit
        </TextButton>
      }
    >
      <DefinitionList columns={1} items={shown} />
    </Card>
  );
}
