'use server';

import type { ConfigurationForUpdate } from '@/lib/arm/mysql/configuration';
import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { beginUpdateConfigurations } from '@/lib/azure/configurations';

/** Changes server parameters in one batch. */
export async function updateParameters(token: string, key: ServerKey, value: ConfigurationForUpdate[]) {
  return armAction(token, (arm) => beginUpdateConfigurations(arm, key, value));
}
