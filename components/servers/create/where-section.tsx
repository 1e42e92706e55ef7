'use client';

import { useQuery } from '@tanstack/react-query';
import { Section } from '@/components/ui/card';
import { Combobox } from '@/components/ui/combobox';
import { Select } from '@/components/ui/select';
import { Spinner } from '@/components/ui/spinner';
import { TextButton } from '@/components/ui/text-button';
import { TextField } from '@/components/ui/text-field';
import { locationsQuery, resourceGroupsQuery, subscriptionsQuery } from '@/lib/queries/subscriptions';
import { useCreateForm, useFormField } from './form-fields';
import { FieldAnchor } from './field-anchor';
import type { NameCheck } from './use-name-availability';

/** Subscription, group, name and region. */
export function WhereSection({ nameCheck, onCreateGroup }: { nameCheck: NameCheck; onCreateGroup: () => void }) {
  const { register, formState, setValue } = useCreateForm();
  const subscription = useFormField('subscriptionId');
  const group = useFormField('resourceGroup');
  const location = useFormField('location');
  const subscriptions = useQuery(subscriptionsQuery());
  const groups = useQuery(resourceGroupsQuery(subscription.value));
  const locations = useQuery(locationsQuery(subscription.value));
  const zones = (count: number) => (count === 0 ? undefined : count === 1 ? '1 zone' : `${count} zones`);

  return (
    <Section title="Where">
      <FieldAnchor field="subscriptionId">
        <Select
          label="Subscription"
          required
          name="subscriptionId"
          loading={subscriptions.isPending}
          error={subscription.error ?? subscriptions.error?.message}
          options={(subscriptions.data ?? []).map(({ subscriptionId, displayName }) => ({
            id: subscriptionId,
            label: displayName,
            description: subscriptionId,
          }))}
          value={subscription.value || null}
          onChange={(id) => {
            setValue('resourceGroup', '');
            subscription.choose(id);
          }}
        />
      </FieldAnchor>
      <FieldAnchor field="resourceGroup">
        <Combobox
          label="Resource group"
          required
          name="resourceGroup"
          loading={groups.isPending && subscription.value !== ''}
          error={group.error ?? groups.error?.message}
          description={groups.data?.length === 0 ? 'There is no resource group yet: create the first one.' : undefined}
          placeholder="Choose or create one"
          options={(groups.data ?? []).map(({ name, location: at }) => ({
            id: name,
            label: name,
            aside: locations.data?.find((known) => known.name === at)?.displayName ?? at,
          }))}
          value={group.value || null}
          onChange={(name) => group.choose(name ?? '')}
          action={<TextButton onClick={onCreateGroup}>Create new</TextButton>}
        />
      </FieldAnchor>
      <TextField
        label="Server name"
        required
        placeholder="orders-prod"
        maxLength={63}
        {...register('serverName')}
        error={formState.errors.serverName?.message ?? (nameCheck.state === 'taken' && nameCheck.message)}
        success={nameCheck.state === 'available' && 'Available'}
        description={
          nameCheck.state === 'failed'
            ? nameCheck.message
            : 'Unique in the whole cloud, and it can’t be changed later. Lower-case letters, digits and hyphens.'
        }
        suffix={nameCheck.state === 'checking' ? <Spinner size={14} /> : undefined}
      />
      <FieldAnchor field="location">
        <Combobox
          label="Region"
          required
          name="location"
          loading={locations.isPending && subscription.value !== ''}
          error={location.error ?? locations.error?.message}
          placeholder="Choose a region"
          options={(locations.data ?? []).map(({ name, displayName, availabilityZoneMappings }) => ({
            id: name,
            label: displayName,
            aside: zones(availabilityZoneMappings?.length ?? 0),
          }))}
          value={location.value || null}
          onChange={(name) => location.choose(name ?? '')}
        />
      </FieldAnchor>
    </Section>
  );
}
