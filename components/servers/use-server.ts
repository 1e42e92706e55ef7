import { useQuery } from '@tanstack/react-query';
import type { Server } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { againAfter } from '@/lib/queries/client';
import { serverQuery } from '@/lib/queries/servers';
import { highAvailabilityState } from '@/lib/rules/high-availability';
import { isPassingState } from './server-state';

const WHILE_PASSING = 2000;
/** A failover that nobody asked for is over within seconds. */
const WITH_STANDBY = 5000;
const AT_REST = 30_000;

/** The server, looked at again often while its state, or that of its high availability, is a passing one. */
export function useServer(server: ServerKey) {
  return useQuery({
    ...serverQuery(server),
    refetchInterval: ({ state }) =>
      againAfter(state.error) ||
      (isPassingServer(state.data) ? WHILE_PASSING : hasStandby(state.data) ? WITH_STANDBY : AT_REST),
  });
}

/** Its state, or that of its high availability, passes by itself. */
export function isPassingServer(server: Server | undefined): boolean {
  const { state, highAvailability } = server?.properties ?? {};
  return isPassingState(state) || highAvailabilityState(highAvailability?.state ?? 'NotEnabled').passing;
}

function hasStandby(server: Server | undefined): boolean {
  return (server?.properties.highAvailability?.mode ?? 'Disabled') !== 'Disabled';
}
