import type { ServerKey } from '@/lib/arm/resource-id';
import { listConfigurations } from '@/lib/azure/configurations';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listConfigurations(arm, params));
