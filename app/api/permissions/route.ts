import { listPermissions } from '@/lib/azure/permissions';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute(({ arm, query }) => listPermissions(arm, query.get('scope') ?? ''));
