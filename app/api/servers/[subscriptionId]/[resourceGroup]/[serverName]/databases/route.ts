import type { ServerKey } from '@/lib/arm/resource-id';
import { listDatabases } from '@/lib/azure/databases';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listDatabases(arm, params));
