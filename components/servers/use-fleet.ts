import { useQueries, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useChosenSubscriptions } from '@/components/blade/chosen-subscriptions';
import type { Server } from '@/lib/arm/mysql/server';
import type { Subscription } from '@/lib/arm/resources/subscription';
import { apiPaths } from '@/lib/paths';
import { againAfter, keyOf } from '@/lib/queries/client';
import { serversQuery } from '@/lib/queries/servers';
import { toFleetServer } from '@/lib/rules/fleet';
import { isPassingState } from './server-state';

const WHILE_PASSING = 3000;
const AT_REST = 30_000;

/** Every server of the chosen subscriptions. One that fails hides no other's servers: it is among `failures`. */
export function useFleet() {
  const { chosen, query: subscriptions } = useChosenSubscriptions();
  const client = useQueryClient();
  const lists = useQueries({
    queries: chosen.map(({ subscriptionId }) => ({
      ...serversQuery(subscriptionId),
      refetchInterval: ({ state }: { state: { data?: Server[]; error: Error | null } }) =>
        againAfter(state.error) ||
        (state.data?.some(({ properties }) => isPassingState(properties.state)) ? WHILE_PASSING : AT_REST),
    })),
    combine: toLists,
  });

  const servers = useMemo(
    () =>
      lists.flatMap(({ data }, index) => {
        const name = nameOf(chosen[index]);
        return (data ?? []).map((server) => toFleetServer(server, name)).filter((server) => server !== undefined);
      }),
    [lists, chosen],
  );
  return {
    servers,
    /** Nothing is known yet. */
    isPending: subscriptions.isPending || (lists.length > 0 && lists.every(({ isPending }) => isPending)),
    isFetching: subscriptions.isFetching || lists.some(({ isFetching }) => isFetching),
    /** Some lists are still to come. */
    isPartial: lists.some(({ isPending }) => isPending),
    failures: lists.flatMap(({ error }, index) => {
      const subscription = chosen[index];
      return error && subscription ? [{ subscription, name: nameOf(subscription), error }] : [];
    }),
    subscriptions,
    chosen,
    refresh: useCallback(() => {
      void client.invalidateQueries({ queryKey: keyOf(apiPaths.subscriptions()) });
    }, [client]),
  };
}

function toLists(results: UseQueryResult<Server[]>[]) {
  return results.map(({ data, error, isPending, isFetching }) => ({ data, error, isPending, isFetching }));
}

function nameOf(subscription: Subscription | undefined): string {
  return subscription?.displayName ?? '';
}
