import { readRoute } from '@/lib/azure/read-route';
import { listZones } from '@/lib/azure/zones';

export const GET = readRoute<{ subscriptionId: string; location: string }>(({ arm, params }) =>
  listZones(arm, params.subscriptionId, params.location),
);
