import type { Subscription } from '../arm/resources/subscription.ts';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** Subscriptions that the person may see. */
export function subscriptionsQuery() {
  return { ...readQuery<Subscription[]>(apiPaths.subscriptions()), staleTime: 5 * 60_000 };
}
