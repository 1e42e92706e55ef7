import { readRoute } from '@/lib/azure/read-route';
import { listServers } from '@/lib/azure/servers';

export const GET = readRoute<{ subscriptionId: string }>(({ arm, params }) => listServers(arm, params.subscriptionId));
