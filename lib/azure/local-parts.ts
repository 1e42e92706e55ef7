import * as z from 'zod';
import { ArmError } from '../arm/error.ts';
import { FLEXDECK_LOCAL } from '../arm/flexdeck-local.ts';
import type { ArmClient } from './client.ts';

/** Whether this cloud has what Azure has no API for. @throws {ArmError} */
export async function hasLocalParts(arm: ArmClient, subscriptionId: string): Promise<boolean> {
  const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/${FLEXDECK_LOCAL}`;
  try {
    await arm.get(path, '2021-04-01', z.looseObject({ namespace: z.string() }));
    return true;
  } catch (failure) {
    if (failure instanceof ArmError && failure.status === 404) return false;
    throw failure;
  }
}
