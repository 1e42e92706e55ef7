import type { ServerKey } from '@/lib/arm/resource-id';
import { readRestoreEstimate } from '@/lib/azure/backups';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params, query }) =>
  readRestoreEstimate(arm, params, query.get('moment') ?? undefined),
);
