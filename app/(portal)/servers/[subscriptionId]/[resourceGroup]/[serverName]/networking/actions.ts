'use server';

import type { ServerKey } from '@/lib/arm/resource-id';
import { armAction } from '@/lib/azure/action';
import { beginDeleteFirewallRule, beginPutFirewallRule } from '@/lib/azure/firewall-rules';

export async function putFirewallRule(
  token: string,
  key: ServerKey,
  rule: { name: string; startIpAddress: string; endIpAddress: string },
) {
  return armAction(token, (arm) => beginPutFirewallRule(arm, key, rule));
}

export async function removeFirewallRule(token: string, key: ServerKey, name: string) {
  return armAction(token, (arm) => beginDeleteFirewallRule(arm, key, name));
}
