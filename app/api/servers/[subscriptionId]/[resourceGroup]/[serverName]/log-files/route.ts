import type { ServerKey } from '@/lib/arm/resource-id';
import { readRoute } from '@/lib/azure/read-route';
import { listLogFiles } from '@/lib/azure/server-logs';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listLogFiles(arm, params));
