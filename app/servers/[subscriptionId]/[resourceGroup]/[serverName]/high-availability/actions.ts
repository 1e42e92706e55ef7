'use server';

import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { beginFailoverServer, beginUpdateServer } from '@/lib/azure/server-commands';
import type { HighAvailabilityMode } from '@/lib/rules/location-offer';

export async function enableHighAvailability(
  token: string,
  key: ServerKey,
  highAvailability: { mode: HighAvailabilityMode; standbyAvailabilityZone?: string },
) {
  return armAction(token, (arm) => beginUpdateServer(arm, key, { properties: { highAvailability } }));
}

export async function disableHighAvailability(token: string, key: ServerKey) {
  return armAction(token, (arm) =>
    beginUpdateServer(arm, key, { properties: { highAvailability: { mode: 'Disabled' } } }),
  );
}

export async function failoverServer(token: string, key: ServerKey) {
  return armAction(token, (arm) => beginFailoverServer(arm, key));
}
