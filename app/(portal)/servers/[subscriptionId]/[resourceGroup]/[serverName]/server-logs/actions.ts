'use server';

import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { beginSetLogParameters } from '@/lib/azure/server-logs';

export async function setLogParameters(token: string, key: ServerKey, values: Record<string, string>) {
  return armAction(token, (arm) => beginSetLogParameters(arm, key, values));
}
