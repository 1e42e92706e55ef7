import type { BeginAction } from '@/components/servers/use-server-change';
import type { RehearsalKind } from '@/lib/arm/local/failover-rehearsal';
import type { Zone, ZoneKey } from '@/lib/arm/local/zone';
import type { ServerKey } from '@/lib/arm/resource-id';
import type { HighAvailabilityMode } from '@/lib/rules/location-offer';
import type { ActionFailure } from '@/lib/queries/action';

/** The server actions of the High availability page. */
export interface HighAvailabilityActions {
  enable: BeginAction<[ServerKey, { mode: HighAvailabilityMode; standbyAvailabilityZone?: string }]>;
  disable: BeginAction<[ServerKey]>;
  failover: BeginAction<[ServerKey]>;
  force: BeginAction<[ServerKey, number]>;
  rehearse: BeginAction<[ServerKey, { name: string; kind: RehearsalKind; writers: number }]>;
  deleteRehearsal: BeginAction<[ServerKey, string]>;
  changeZone: (
    token: string,
    key: ZoneKey,
    how: 'lose' | 'restore',
  ) => Promise<{ ok: true; value: Zone } | { ok: false; error: ActionFailure }>;
}
