import { readRoute } from '@/lib/azure/read-route';
import { listFleetSchedules } from '@/lib/azure/schedules';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) =>
  listFleetSchedules(arm, params.subscriptionId),
);
