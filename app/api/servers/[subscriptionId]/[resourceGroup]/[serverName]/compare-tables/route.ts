import type { ServerKey } from '@/lib/arm/resource-id';
import { compareTables } from '@/lib/azure/backups';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params, query }) => {
  const { subscriptionId } = params;
  const restored = { subscriptionId, resourceGroup: query.get('group') ?? '', serverName: query.get('name') ?? '' };
  return compareTables(arm, params, restored);
});
