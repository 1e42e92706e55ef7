import { listNotificationChannels } from '@/lib/azure/alerts';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) =>
  listNotificationChannels(arm, params.subscriptionId),
);
