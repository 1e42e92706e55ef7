'use server';

import type { RehearsalKind } from '@/lib/arm/local/failover-rehearsal';
import type { ZoneKey } from '@/lib/arm/local/zone';
import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { beginRehearseFailover, deleteFailoverRehearsal as deleteRehearsal } from '@/lib/azure/failover-rehearsals';
import { beginFailoverServer, beginForcedFailover, beginUpdateServer } from '@/lib/azure/server-commands';
import { changeZone as changeZoneOf } from '@/lib/azure/zones';
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

export async function forceFailover(token: string, key: ServerKey, maxSeconds: number) {
  return armAction(token, (arm) => beginForcedFailover(arm, key, maxSeconds));
}

export async function rehearseFailover(
  token: string,
  key: ServerKey,
  rehearsal: { name: string; kind: RehearsalKind; writers: number },
) {
  return armAction(token, (arm) => beginRehearseFailover(arm, key, rehearsal));
}

export async function deleteFailoverRehearsal(token: string, key: ServerKey, name: string) {
  return armAction(token, (arm) => deleteRehearsal(arm, key, name));
}

export async function changeZone(token: string, key: ZoneKey, how: 'lose' | 'restore') {
  return armAction(token, (arm) => changeZoneOf(arm, key, how));
}
