import type { ServerKey } from '@/lib/arm/resource-id';
import { readTopStatements } from '@/lib/azure/query-insights';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params, query }) =>
  readTopStatements(arm, params, query),
);
