import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { ChangePane } from '@/components/servers/change-pane';
import { Button } from '@/components/ui/button';
import { IconButton } from '@/components/ui/icon-button';
import { Select } from '@/components/ui/select';
import { TextField } from '@/components/ui/text-field';
import type { ActionGroup } from '@/lib/arm/insights/action-groups';
import type { ServerKey } from '@/lib/arm/resource-id';
import { notificationChannelsQuery } from '@/lib/queries/alerts';
import { actionGroupId, describePutActionGroup } from '@/lib/rules/alert-changes';
import { receiversOf, withReceivers, type Receiver } from '@/lib/rules/alert-receivers';
import { alertNameProblem } from '@/lib/rules/alerts';
import { useAlertChange, type AlertActions } from './alert-actions';

interface GroupPaneProps {
  server: ServerKey;
  group?: ActionGroup | undefined;
  put: AlertActions['putActionGroup'];
  writeProblem: string | undefined;
  onClose: () => void;
}

/** Who is told: webhooks and e-mail addresses. */
export function GroupPane({ server, group, put, writeProblem, onClose }: GroupPaneProps) {
  const [name, setName] = useState(group?.name ?? '');
  const [receivers, setReceivers] = useState<Receiver[]>(
    group ? receiversOf(group.properties) : [{ kind: 'webhook', address: '' }],
  );
  const [touched, setTouched] = useState(false);
  const change = useAlertChange(server, put);
  const { data: channels } = useQuery(notificationChannelsQuery(server.subscriptionId));
  const detailOf = (kind: Receiver['kind']) => channels?.find((channel) => channel.name === kind)?.properties.detail;
  const mailProblem =
    channels?.find((channel) => channel.name === 'email')?.properties.state === 'NotConfigured' && detailOf('email');
  const nameProblem = alertNameProblem(name);
  const filled = receivers.filter(({ address }) => address.trim() !== '');
  const id = group?.id ?? actionGroupId(server, name);
  const properties = withReceivers(name, filled, group?.properties);
  const problem = nameProblem ?? (filled.length === 0 ? 'Name at least one receiver.' : undefined);
  const beside = /(webhook|email)Receivers\[(\d+)\]/.exec(change.error?.target ?? '');
  const apply = async () => {
    setTouched(true);
    if (problem) return;
    if (await change.submit(`${name} is ${group ? 'changed' : 'ready'}`, id, properties, group?.tags)) onClose();
  };
  const errorOf = (index: number): string | undefined => {
    const receiver = receivers[index]!;
    if (beside?.[1] === receiver.kind) {
      const place = filled.filter(({ kind }) => kind === receiver.kind).indexOf(receiver);
      if (place === Number(beside[2])) return change.error?.message;
    }
    return touched && filled.length === 0 ? 'Name at least one receiver.' : undefined;
  };
  return (
    <ChangePane
      isOpen
      onClose={onClose}
      title={group ? `Action group ${group.name}` : 'Create an action group'}
      subtitle={group ? undefined : `In the resource group ${server.resourceGroup}`}
      change={problem ? undefined : describePutActionGroup(id, properties, group)}
      applyLabel={group ? 'Save' : 'Create'}
      applyDisabledReason={writeProblem}
      onApply={() => void apply()}
      pending={change.pending}
      error={beside ? null : change.error}
    >
      <TextField
        label="Name"
        layout="stack"
        required
        autoFocus={!group}
        readOnlyReason={group && 'An action group keeps its name.'}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onBlur={() => setTouched(name !== '')}
        error={touched ? nameProblem : undefined}
      />
      {receivers.map((receiver, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- receivers have no name of their own here
        <fieldset
          key={index}
          className="grid gap-3 rounded-card border border-line p-3 sm:grid-cols-[140px_1fr_auto] [&>*]:min-w-0"
        >
          <legend className="px-1 text-sm font-semibold">Receiver {index + 1}</legend>
          <Select
            label="Kind"
            layout="stack"
            options={[
              { id: 'webhook', label: 'Webhook' },
              { id: 'email', label: 'E-mail', ...(mailProblem && { disabledReason: mailProblem }) },
            ]}
            value={receiver.kind}
            onChange={(kind) => setReceivers(receivers.with(index, { ...receiver, kind: kind as Receiver['kind'] }))}
          />
          <TextField
            label={receiver.kind === 'webhook' ? 'Address' : 'E-mail address'}
            layout="stack"
            mono
            type={receiver.kind === 'webhook' ? 'url' : 'email'}
            placeholder={receiver.kind === 'webhook' ? 'https://' : 'name@example.com'}
            value={receiver.address}
            onChange={(event) => setReceivers(receivers.with(index, { ...receiver, address: event.target.value }))}
            error={errorOf(index)}
          />
          {receivers.length > 1 && (
            <div className="self-end">
              <IconButton
                icon={Trash2}
                label={`Remove receiver ${index + 1}`}
                onClick={() => setReceivers(receivers.toSpliced(index, 1))}
              />
            </div>
          )}
        </fieldset>
      ))}
      <div>
        <Button
          variant="quiet"
          icon={Plus}
          onClick={() => setReceivers([...receivers, { kind: 'webhook', address: '' }])}
        >
          Add a receiver
        </Button>
      </div>
      <p className="max-w-prose text-text-3">
        A webhook gets a POST in Azure’s common alert schema. Flexdeck signs it with the group’s secret, and tries again
        until it is taken. {detailOf('webhook')}
      </p>
      {mailProblem && <p className="max-w-prose text-text-3">{mailProblem}</p>}
    </ChangePane>
  );
}
