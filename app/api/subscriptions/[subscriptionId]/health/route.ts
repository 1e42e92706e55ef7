import { listFleetHealth } from '@/lib/azure/health';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) =>
  listFleetHealth(arm, params.subscriptionId),
);
