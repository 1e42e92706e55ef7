import type { ServerKey } from '@/lib/arm/resource-id';
import { readRoute } from '@/lib/azure/read-route';
import { listUpgradeChecks } from '@/lib/azure/upgrades';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listUpgradeChecks(arm, params));
