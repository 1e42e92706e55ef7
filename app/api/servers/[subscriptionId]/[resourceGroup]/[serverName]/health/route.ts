import type { ServerKey } from '@/lib/arm/resource-id';
import { listServerHealth } from '@/lib/azure/health';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listServerHealth(arm, params));
