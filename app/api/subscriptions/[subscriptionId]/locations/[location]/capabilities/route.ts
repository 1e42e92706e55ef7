import { getCapabilities } from '@/lib/azure/capabilities';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<{ subscriptionId: string; location: string }>(({ arm, params }) =>
  getCapabilities(arm, params.subscriptionId, params.location),
);
