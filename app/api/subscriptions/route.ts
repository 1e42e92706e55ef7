import { readRoute } from '@/lib/azure/read-route';
import { listSubscriptions } from '@/lib/azure/subscriptions';

export const GET = readRoute(({ arm }) => listSubscriptions(arm));
