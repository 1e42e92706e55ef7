'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Subscription } from '@/lib/arm/resources/subscription';
import { subscriptionsQuery } from '@/lib/queries/subscriptions';

/** Ids that were unticked: a subscription that appears later is shown. */
const KEY = 'flexdeck.hidden-subscriptions';
const changes = new EventTarget();

function subscribe(listener: () => void): () => void {
  changes.addEventListener('change', listener);
  window.addEventListener('storage', listener);
  return () => {
    changes.removeEventListener('change', listener);
    window.removeEventListener('storage', listener);
  };
}

/** The subscriptions that lists show, as picked in the top bar; all of them unless somebody picked. */
export function useChosenSubscriptions() {
  const query = useQuery(subscriptionsQuery());
  const stored = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(KEY) ?? '',
    () => '',
  );
  const hidden = useMemo(() => new Set(stored === '' ? [] : stored.split(',')), [stored]);
  const all = query.data;
  const chosen = useMemo(() => {
    const ticked = (all ?? []).filter((subscription) => !hidden.has(subscription.subscriptionId));
    // Whoever lost access to the only ticked one still sees something.
    return ticked.length > 0 ? ticked : (all ?? []);
  }, [all, hidden]);
  const toggle = useCallback(
    (subscription: Subscription) => {
      const next = new Set(hidden);
      if (!next.delete(subscription.subscriptionId)) next.add(subscription.subscriptionId);
      localStorage.setItem(KEY, [...next].join(','));
      changes.dispatchEvent(new Event('change'));
    },
    [hidden],
  );
  return { chosen, all, query, toggle };
}
