import type { ServerKey } from '@/lib/arm/resource-id';
import { listFailoverRehearsals } from '@/lib/azure/failover-rehearsals';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) =>
  listFailoverRehearsals(arm, params),
);
