import type { ServerKey } from '@/lib/arm/resource-id';
import { readRoute } from '@/lib/azure/read-route';
import { readLimits } from '@/lib/azure/servers';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => readLimits(arm, params));
