'use client';

import { useCallback } from 'react';
import { useSession } from '@/components/blade/use-session';
import type { ServerKey } from '@/lib/arm/resource-id';
import {
  deploymentStorageKey,
  findDeployment,
  parseDeployments,
  withDeployment,
  withoutDeployment,
  type PendingDeployment,
} from './pending-deployment';

/** The signed-in person's deployments in the browser's storage. */
export function usePendingDeployments() {
  const session = useSession();
  const account = session.status === 'signedIn' || session.status === 'expired' ? session.account.objectId : undefined;
  const change = useCallback(
    (update: (deployments: PendingDeployment[]) => PendingDeployment[]) => {
      if (!account) return;
      const key = deploymentStorageKey(account);
      localStorage.setItem(key, JSON.stringify(update(parseDeployments(localStorage.getItem(key), new Date()))));
    },
    [account],
  );
  const find = useCallback(
    (key: ServerKey) =>
      account === undefined
        ? undefined
        : findDeployment(parseDeployments(localStorage.getItem(deploymentStorageKey(account)), new Date()), key),
    [account],
  );
  const keep = useCallback((added: PendingDeployment) => change((before) => withDeployment(before, added)), [change]);
  const forget = useCallback(
    (resourceId: string) => change((before) => withoutDeployment(before, resourceId)),
    [change],
  );
  return { find, keep, forget };
}
