import type { ServerKey } from '@/lib/arm/resource-id';
import { readFailoverRehearsal } from '@/lib/azure/failover-rehearsals';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & { rehearsalName: string } & Record<string, string>>(({ arm, params }) =>
  readFailoverRehearsal(arm, params, params.rehearsalName),
);
