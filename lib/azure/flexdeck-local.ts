import * as z from 'zod';
import { FLEXDECK_LOCAL } from '../arm/flexdeck-local.ts';
import type { ArmClient } from './client.ts';

const PROVIDERS_API_VERSION = '2021-04-01';

/** Whether the cloud has what only the local one has. @throws {ArmError} */
export async function hasFlexdeckLocal(arm: ArmClient, subscriptionId: string): Promise<boolean> {
  const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers`;
  const providers = await arm.list(path, PROVIDERS_API_VERSION, z.looseObject({ namespace: z.string() }));
  return providers.some(({ namespace }) => namespace.toLowerCase() === FLEXDECK_LOCAL.toLowerCase());
}
