import type { ServerKey } from '@/lib/arm/resource-id';
import { listBuilds } from '@/lib/azure/maintenances';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listBuilds(arm, params));
