import { listFleetMaintenances } from '@/lib/azure/maintenances';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) =>
  listFleetMaintenances(arm, params.subscriptionId),
);
