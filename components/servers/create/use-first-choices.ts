'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { useChosenSubscriptions } from '@/components/blade/chosen-subscriptions';
import { locationsQuery, resourceGroupsQuery } from '@/lib/queries/subscriptions';
import type { CreateServerForm } from '@/lib/rules/create-server-form';

/** Chooses what hardly anybody would choose otherwise: the only subscription, the only group, its region. */
export function useFirstChoices({ watch, setValue, getFieldState }: UseFormReturn<CreateServerForm>): void {
  const [subscriptionId, resourceGroup, location] = watch(['subscriptionId', 'resourceGroup', 'location']);
  const { chosen } = useChosenSubscriptions();
  const groups = useQuery(resourceGroupsQuery(subscriptionId)).data;
  const locations = useQuery(locationsQuery(subscriptionId)).data;
  const firstSubscription = chosen[0]?.subscriptionId;

  useEffect(() => {
    if (subscriptionId === '' && firstSubscription) setValue('subscriptionId', firstSubscription);
  }, [subscriptionId, firstSubscription, setValue]);

  useEffect(() => {
    const only = groups?.length === 1 ? groups[0] : undefined;
    if (resourceGroup === '' && only && !getFieldState('resourceGroup').isTouched) setValue('resourceGroup', only.name);
  }, [resourceGroup, groups, setValue, getFieldState]);

  useEffect(() => {
    if (!locations || getFieldState('location').isTouched) return;
    const ofGroup = groups?.find(({ name }) => name === resourceGroup)?.location;
    const known = locations.find(({ name }) => name === ofGroup) ?? (location === '' ? locations[0] : undefined);
    if (known && known.name !== location) setValue('location', known.name);
  }, [locations, groups, resourceGroup, location, setValue, getFieldState]);
}
