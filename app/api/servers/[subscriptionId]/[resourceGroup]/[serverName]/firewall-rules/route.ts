import type { ServerKey } from '@/lib/arm/resource-id';
import { listFirewallRules } from '@/lib/azure/firewall-rules';
import { readRoute } from '@/lib/azure/read-route';

export const GET = readRoute<ServerKey & Record<string, string>>(({ arm, params }) => listFirewallRules(arm, params));
