import type { ServerKey } from '@/lib/arm/resource-id';
import { readIndexAdvice } from '@/lib/azure/query-insights';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params, query }) =>
  readIndexAdvice(arm, params, query),
);
