import type { ServerKey } from '@/lib/arm/resource-id';
import { listLocks } from '@/lib/azure/locks';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listLocks(arm, params));
