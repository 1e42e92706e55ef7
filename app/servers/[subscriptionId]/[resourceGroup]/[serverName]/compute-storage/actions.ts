'use server';

import type { ServerForUpdate } from '@/lib/arm/mysql/server';
import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { beginUpdateServer } from '@/lib/azure/server-commands';

/** Changes tier, size, storage, IOPS or retention; what `change` does not name stays. */
export async function resizeServer(token: string, key: ServerKey, change: ServerForUpdate) {
  return armAction(token, (arm) => {
    const { sku, properties } = change;
    const { storage, backup } = properties ?? {};
    return beginUpdateServer(arm, key, { sku, properties: { storage, backup } });
  });
}
