import { Location, Subscription } from '../arm/resources/subscription.ts';
import type { ArmClient } from './client.ts';

const SUBSCRIPTIONS_API_VERSION = '2022-12-01';

/** Subscriptions that the person may see. */
export function listSubscriptions(arm: ArmClient): Promise<Subscription[]> {
  return arm.list('/subscriptions', SUBSCRIPTIONS_API_VERSION, Subscription);
}

/** Regions of a subscription with their zones. */
export function listLocations(arm: ArmClient, subscriptionId: string): Promise<Location[]> {
  return arm.list(
    `/subscriptions/${encodeURIComponent(subscriptionId)}/locations`,
    SUBSCRIPTIONS_API_VERSION,
    Location,
  );
}
