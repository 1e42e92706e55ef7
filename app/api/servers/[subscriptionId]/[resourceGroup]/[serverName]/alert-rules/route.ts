import type { ServerKey } from '@/lib/arm/resource-id';
import { listAlertRules } from '@/lib/azure/alerts';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listAlertRules(arm, params));
