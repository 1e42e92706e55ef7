import type { ServerKey } from '@/lib/arm/resource-id';
import { readRoute } from '@/lib/azure/read-route';
import { readLogEntries } from '@/lib/azure/server-logs';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params, query }) =>
  readLogEntries(arm, params, {
    kind: query.get('kind') ?? 'slowlog',
    cursor: query.get('cursor'),
    search: query.get('search'),
  }),
);
