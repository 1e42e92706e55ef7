import { readTestNotifications } from '@/lib/azure/alerts';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute(({ arm, query }) => readTestNotifications(arm, query.get('url') ?? ''));
