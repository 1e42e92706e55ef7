import { useQuery } from '@tanstack/react-query';
import type { ServerKey } from '@/lib/arm/resource-id';
import { serverQuery } from '@/lib/queries/servers';
import { isPassingState } from './server-state';

const WHILE_PASSING = 2000;
const AT_REST = 30_000;

/** The server, looked at again often while its state is a passing one. */
export function useServer(server: ServerKey) {
  return useQuery({
    ...serverQuery(server),
    refetchInterval: ({ state }) => (isPassingState(state.data?.properties.state) ? WHILE_PASSING : AT_REST),
  });
}
