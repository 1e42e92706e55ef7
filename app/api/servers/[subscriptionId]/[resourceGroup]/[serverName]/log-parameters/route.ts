import type { ServerKey } from '@/lib/arm/resource-id';
import { readRoute } from '@/lib/azure/read-route';
import { readLogParameters } from '@/lib/azure/server-logs';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => readLogParameters(arm, params));
