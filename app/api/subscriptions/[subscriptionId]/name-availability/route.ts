import { checkNameAvailability } from '@/lib/azure/capabilities';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params, query }) =>
  checkNameAvailability(arm, params.subscriptionId, query.get('name') ?? ''),
);
