import { useParams } from 'next/navigation';
import type { ServerKey } from '@/lib/arm/resource-id';

/** The server that the page's address names. */
export function useServerKey(): ServerKey {
  const { subscriptionId, resourceGroup, serverName } = useParams<Record<keyof ServerKey, string>>();
  return {
    subscriptionId: decodeURIComponent(subscriptionId),
    resourceGroup: decodeURIComponent(resourceGroup),
    serverName: decodeURIComponent(serverName),
  };
}
