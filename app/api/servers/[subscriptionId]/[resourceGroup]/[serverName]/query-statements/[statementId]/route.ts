import type { ServerKey } from '@/lib/arm/resource-id';
import { readStatement } from '@/lib/azure/query-insights';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params, query }) =>
  readStatement(arm, params, params['statementId']!, query),
);
