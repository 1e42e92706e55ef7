import type { AvailabilityStatus } from '../arm/insights/health.ts';
import type { ServerKey } from '../arm/resource-id.ts';
import { apiPaths } from '../paths.ts';
import type { Check } from '../rules/server-checks.ts';
import { readQuery } from './client.ts';

/** How a server does and did, the newest first. */
export function serverHealthQuery(key: ServerKey) {
  return { ...readQuery<AvailabilityStatus[]>(apiPaths.health(key)), refetchInterval: 5_000 };
}

/** What a server was looked over for, the worst first. */
export function serverChecksQuery(key: ServerKey) {
  return { ...readQuery<Check[]>(apiPaths.checks(key)), refetchInterval: 60_000 };
}

/** How all servers of a subscription do. */
export function fleetHealthQuery(subscriptionId: string) {
  return { ...readQuery<AvailabilityStatus[]>(apiPaths.fleetHealth(subscriptionId)), refetchInterval: 30_000 };
}
