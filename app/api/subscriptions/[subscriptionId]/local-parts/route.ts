import { hasLocalParts } from '@/lib/azure/local-parts';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) =>
  hasLocalParts(arm, params.subscriptionId),
);
