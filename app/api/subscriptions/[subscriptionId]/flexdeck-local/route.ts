import { hasFlexdeckLocal } from '@/lib/azure/flexdeck-local';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) =>
  hasFlexdeckLocal(arm, params.subscriptionId),
);
