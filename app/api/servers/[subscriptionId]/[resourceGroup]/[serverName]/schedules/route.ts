import type { ServerKey } from '@/lib/arm/resource-id';
import { listSchedules } from '@/lib/azure/schedules';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listSchedules(arm, params));
