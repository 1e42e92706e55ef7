import { readRoute } from '@/lib/azure/read-route';
import { listTenants } from '@/lib/azure/tenants';

export const GET = readRoute(({ arm }) => listTenants(arm));
