import type { ServerKey } from '@/lib/arm/resource-id';
import { readRoute } from '@/lib/azure/read-route';
import { listUpgrades } from '@/lib/azure/upgrades';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listUpgrades(arm, params));
