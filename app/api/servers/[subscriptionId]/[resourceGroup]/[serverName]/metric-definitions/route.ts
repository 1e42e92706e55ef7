import type { ServerKey } from '@/lib/arm/resource-id';
import { listMetricDefinitions } from '@/lib/azure/metrics';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) =>
  listMetricDefinitions(arm, params),
);
