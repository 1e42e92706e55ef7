import type { ServerKey } from '@/lib/arm/resource-id';
import { readAlertHistory } from '@/lib/azure/alerts';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & { alertId: string } & Record<string, string>>(({ arm, params }) =>
  readAlertHistory(arm, params.subscriptionId, params.alertId),
);
