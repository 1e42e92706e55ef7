import { useQuery } from '@tanstack/react-query';
import { apiPaths } from '../paths.ts';
import { readQuery } from './client.ts';

/** Whether this cloud has what Azure has no API for; undefined while it is not known. */
export function useLocalParts(subscriptionId: string | undefined): boolean | undefined {
  return useQuery({
    ...readQuery<boolean>(apiPaths.localParts(subscriptionId ?? '')),
    enabled: subscriptionId !== undefined,
    staleTime: 10 * 60_000,
  }).data;
}
