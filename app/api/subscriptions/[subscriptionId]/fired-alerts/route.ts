import { listAlerts } from '@/lib/azure/alerts';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) =>
  listAlerts(arm, params.subscriptionId, { fired: true }),
);
