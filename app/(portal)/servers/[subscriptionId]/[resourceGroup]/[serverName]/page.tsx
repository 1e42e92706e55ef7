import { redirect } from 'next/navigation';
import type { ServerKey } from '@/lib/arm/resource-id';
import { paths } from '@/lib/paths';

/** A server's address without a blade, as people shorten it, leads to its overview. */
export default async function Page({ params }: { params: Promise<Record<keyof ServerKey, string>> }) {
  const { subscriptionId, resourceGroup, serverName } = await params;
  const key = {
    subscriptionId: decodeURIComponent(subscriptionId),
    resourceGroup: decodeURIComponent(resourceGroup),
    serverName: decodeURIComponent(serverName),
  };
  redirect(paths.server(key));
}
