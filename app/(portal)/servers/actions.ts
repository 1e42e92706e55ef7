'use server';

import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { beginUpdateServer } from '@/lib/azure/server-commands';

/** Replaces all tags of a server. */
export async function tagServer(token: string, key: ServerKey, tags: Record<string, string>) {
  return armAction(token, (arm) => beginUpdateServer(arm, key, { tags }));
}
