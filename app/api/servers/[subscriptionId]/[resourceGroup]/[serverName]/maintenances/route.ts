import type { ServerKey } from '@/lib/arm/resource-id';
import { listMaintenances } from '@/lib/azure/maintenances';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listMaintenances(arm, params));
