import type { ServerKey } from '@/lib/arm/resource-id';
import { readAutoStart } from '@/lib/azure/schedules';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => readAutoStart(arm, params));
