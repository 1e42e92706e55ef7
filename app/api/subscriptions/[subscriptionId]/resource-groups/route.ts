import { readRoute } from '@/lib/azure/read-route';
import { listResourceGroups } from '@/lib/azure/resource-groups';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) =>
  listResourceGroups(arm, params.subscriptionId),
);
