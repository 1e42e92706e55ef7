import { useQuery } from '@tanstack/react-query';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** Whether the subscription's cloud has what only the local one has; false while that is not known. */
export function useFlexdeckLocal(subscriptionId: string): boolean {
  const { data } = useQuery({
    ...readQuery<boolean>(apiPaths.flexdeckLocal(subscriptionId)),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: subscriptionId !== '',
  });
  return data === true;
}
