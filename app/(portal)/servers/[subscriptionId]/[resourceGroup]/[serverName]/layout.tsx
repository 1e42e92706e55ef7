import type { ReactNode } from 'react';
import { ServerFrame } from '@/components/blade/server-frame';
import type { ServerKey } from '@/lib/arm/resource-id';

interface Props {
  params: Promise<Record<keyof ServerKey, string>>;
  children: ReactNode;
}

export default async function ServerLayout({ params, children }: Props) {
  const { subscriptionId, resourceGroup, serverName } = await params;
  return (
    <ServerFrame
      server={{
        subscriptionId: decodeURIComponent(subscriptionId),
        resourceGroup: decodeURIComponent(resourceGroup),
        serverName: decodeURIComponent(serverName),
      }}
    >
      {children}
    </ServerFrame>
  );
}
