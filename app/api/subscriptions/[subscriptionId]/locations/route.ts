import { readRoute } from '@/lib/azure/read-route';
import { listLocations } from '@/lib/azure/subscriptions';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) =>
  listLocations(arm, params.subscriptionId),
);
